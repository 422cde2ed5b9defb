/** Models that a gpu-worker holds: bounded, the least recently used leave first. */
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { precompileError } from "@noema/precompiles/errors";
import { type LoadedModel, loadModel } from "@noema/precompiles/model/load";

const MOST = { models: 256, bytes: 512 * 2 ** 20 };

export type Models = {
  /** Throws MODEL_UNKNOWN. */
  find(id: string): LoadedModel;
  /** Throws MODEL_*, MODEL_DIGEST_MISMATCH where the file has another id. */
  add(id: string, file: Bytes): void;
};

export function createModels(): Models {
  const models = new Map<string, LoadedModel>();
  const use = (id: string, model: LoadedModel) => {
    models.delete(id);
    models.set(id, model);
  };
  return {
    find(id) {
      const model = models.get(id);
      if (model === undefined) throw precompileError("MODEL_UNKNOWN", `model ${id} is not here: PUT its file first`, {});
      use(id, model);
      return model;
    },
    add(id, file) {
      const model = loadModel(file);
      const own = toHex(model.id);
      if (own !== id) throw precompileError("MODEL_DIGEST_MISMATCH", `the file is model ${own}, not ${id}`, {});
      use(id, model);
      let bytes = [...models.values()].reduce((sum, x) => sum + x.file.length, 0);
      for (const [oldest, x] of models) {
        if (models.size <= MOST.models && bytes <= MOST.bytes) break;
        bytes -= x.file.length;
        models.delete(oldest);
      }
    },
  };
}
