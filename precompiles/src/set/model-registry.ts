/** The models of the block that has begun, by id, each made ready to run when it is first called. */
import { type Bytes, toHex } from "@noema/core/bytes";
import type { BlockView, InferenceRun } from "@noema/core/ports/precompiles";
import type { InferenceBackend, RunnableModel } from "../backend/inference-backend.ts";
import { fail } from "../errors.ts";
import type { LoadedModel } from "../model/load.ts";
import { inspectModel } from "./inspect.ts";
import type { ModelRecord, ModelSource } from "./model-source.ts";

export interface RegisteredModel {
  record: ModelRecord;
  /** Its weights are here, then. */
  active: boolean;
}

export interface ModelRegistry {
  /** Throws NEED_MODEL when the weights of a model that is active in this view are not here. */
  beginBlock(view: BlockView): void;
  /** By lower-case hex of the id. */
  find(id: string): RegisteredModel | undefined;
  /** Of an active model. */
  runnable(model: RegisteredModel): RunnableModel;
  /** The same, layer by layer. */
  inspect(model: RegisteredModel, input: Bytes): InferenceRun;
}

export function createModelRegistry(source: ModelSource, backend: InferenceBackend, ready: readonly LoadedModel[]): ModelRegistry {
  const runnables = new Map(ready.map((model) => [toHex(model.id), backend.load(model)]));
  let listed: readonly ModelRecord[] = [];
  let models = new Map<string, RegisteredModel>();
  const weights = (id: string, record: ModelRecord): LoadedModel =>
    source.weights(record.id) ?? fail("NEED_MODEL", `the weights of model 0x${id} are not here`, { id: `0x${id}` });
  function runnable({ record }: RegisteredModel): RunnableModel {
    const id = toHex(record.id);
    const known = runnables.get(id) ?? backend.load(weights(id, record));
    runnables.set(id, known);
    return known;
  }
  return {
    beginBlock(view) {
      const records = source.models(view);
      if (records !== listed) models = new Map(records.map((record) => [toHex(record.id), { record, active: false }]));
      listed = records;
      for (const [id, model] of models) {
        model.active = model.record.activationBlock <= view.height;
        if (model.active && !runnables.has(id)) weights(id, model.record);
      }
    },
    find: (id) => models.get(id),
    runnable,
    inspect: (model, input) => inspectModel(weights(toHex(model.record.id), model.record), runnable(model), backend, input),
  };
}
