import { to0x } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { describe, expect, it } from "vitest";
import { genesisSource, loadGenesisModels, modelFolder, parseInferenceGenesis } from "./genesis-models.ts";
import { loadModel } from "./model/load.ts";
import { smallModel } from "./testing/small-model.ts";

const file = smallModel();
const read = () => file;
const digest = to0x(sha256(file));
const code = (expected: string) => expect.objectContaining({ code: expected });

describe("inference section of genesis.json", () => {
  it("names files by their sha256, active from block 0", () => {
    const { models, weights } = genesisSource(loadGenesisModels({ models: [["a.nmodel", digest]] }, read));
    const view = { height: 0, state: { slot: () => 0n, code: () => new Uint8Array(0) } };
    const { id, units } = loadModel(file);
    expect(models(view)).toMatchObject([{ id, activationBlock: 0, royalty: 0n, sizes: { units } }]);
    expect(weights(id)).toMatchObject({ id, units });
    expect(weights(new Uint8Array(32))).toBeUndefined();
  });

  it("refuses another form", () => {
    for (const wrong of [{}, { models: 1 }, { models: [["a"]] }, { models: [["a", "0x12"]] }, { models: [], more: 1 }, null])
      expect(() => parseInferenceGenesis(wrong)).toThrowError(code("INFERENCE_GENESIS_INVALID"));
    for (const path of ["/etc/passwd", "../x.nmodel", "a/../../x"])
      expect(() => parseInferenceGenesis({ models: [[path, digest]] })).toThrowError(code("INFERENCE_GENESIS_INVALID"));
  });

  it("refuses another file, a missing one, a broken one, and the same twice", () => {
    const other = to0x(new Uint8Array(32));
    expect(() => loadGenesisModels({ models: [["a", other]] }, read)).toThrowError(code("MODEL_DIGEST_MISMATCH"));
    const missing = modelFolder("/nowhere");
    expect(() => loadGenesisModels({ models: [["a", other]] }, missing)).toThrowError(code("MODEL_FILE_MISSING"));
    const broken = new Uint8Array(64);
    expect(() => loadGenesisModels({ models: [["a", to0x(sha256(broken))]] }, () => broken)).toThrowError(code("MODEL_ENCODING_INVALID"));
    expect(() =>
      loadGenesisModels(
        {
          models: [
            ["a", digest],
            ["b", digest],
          ],
        },
        read,
      ),
    ).toThrowError(code("INFERENCE_GENESIS_INVALID"));
  });
});
