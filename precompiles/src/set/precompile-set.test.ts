import { bytesToBigInt, concatBytes, fromHex, toHex } from "@noema/core/bytes";
import type { StateReader } from "@noema/core/ports/precompiles";
import { beforeEach, describe, expect, it } from "vitest";
import { createBackend } from "../backend/create-backend.ts";
import type { InferenceBackend } from "../backend/inference-backend.ts";
import { type LoadedModel, loadModel } from "../model/load.ts";
import { createModelBuilder } from "../model/model-builder.ts";
import { runModel } from "../model/run-model.ts";
import { smallModel } from "../testing/small-model.ts";
import { coldModelGas, inferGas, MAX_UNITS_PER_TX } from "./gas.ts";
import type { ModelRecord } from "./model-registry.ts";
import { createPrecompileSet } from "./precompile-set.ts";

const INFO = fromHex("0000000000000000000000000000000000000a00");
const INFER = fromHex("0000000000000000000000000000000000000a01");
const GAS = 30_000_000;
const state: StateReader = { slot: () => 0n, code: () => new Uint8Array(0) };
const small = loadModel(smallModel());
const input = Uint8Array.from({ length: small.inputBytes }, (_, i) => i);
const call = concatBytes(small.id, input);
const warm = inferGas(small);
const cold = warm + coldModelGas(small);

const record = (rest: Partial<ModelRecord> = {}): ModelRecord => ({
  id: small.id,
  activationBlock: 0,
  owner: new Uint8Array(20).fill(9),
  royalty: 5n,
  loaded: small,
  ...rest,
});

/** side x side times side x side. */
function square(side: number): LoadedModel {
  const builder = createModelBuilder([side, side], 0);
  const weights = { shape: [side, side], data: new Int8Array(side * side) };
  const scales = [new Int32Array(side), new Uint16Array(side)].map((data) => ({ shape: [side], data }));
  return loadModel(builder.build(builder.add("DENSE", [0, weights, ...scales], { shape: [side, side] }, [1, -128, 127])));
}

function setOf(...models: ModelRecord[]) {
  const set = createPrecompileSet({ models, backend: createBackend("wasm") });
  set.beginBlock(1);
  set.beginTx();
  return set;
}

describe("INFER", () => {
  let set = setOf(record());
  beforeEach(() => {
    set = setOf(record());
  });

  it("answers with the reference's bytes; the first use in a transaction pays for the weights", () => {
    const output = runModel(small, input);
    expect(set.run(INFER, call, GAS, state)).toEqual({ ok: true, output, gasUsed: cold });
    expect(set.run(INFER, call, GAS, state)).toEqual({ ok: true, output, gasUsed: warm });
    set.beginTx();
    expect(set.run(INFER, call, GAS, state)).toEqual({ ok: true, output, gasUsed: cold });
  });

  it("takes exactly its gas", () => {
    expect(set.run(INFER, call, cold - 1, state)).toEqual({ ok: false });
    expect(set.run(INFER, call, cold, state)).toMatchObject({ ok: true, gasUsed: cold });
    expect(set.run(INFER, call, warm, state)).toMatchObject({ ok: true, gasUsed: warm });
  });

  it("fails for an unknown model, an inactive one, and an input of another length", () => {
    const unknown = call.slice();
    unknown[0]! ^= 1;
    for (const bad of [unknown, call.subarray(1), concatBytes(call, new Uint8Array(1)), small.id, new Uint8Array(0), call.subarray(0, 31)])
      expect(set.run(INFER, bad, GAS, state)).toEqual({ ok: false });
    const later = setOf(record({ activationBlock: 2 }));
    expect(later.run(INFER, call, GAS, state)).toEqual({ ok: false });
    later.beginBlock(2);
    expect(later.run(INFER, call, GAS, state)).toMatchObject({ ok: true });
  });

  it("keeps a caller's change of an output out of the cache", () => {
    const first = set.run(INFER, call, GAS, state);
    if (first.ok) first.output.fill(0);
    expect(set.run(INFER, call, GAS, state)).toMatchObject({ output: runModel(small, input) });
  });

  it("caps the work of a transaction, whatever was reverted, and starts again with the next", () => {
    const [large, huge] = [square(512), square(1024)];
    expect(huge.units).toBeGreaterThan(MAX_UNITS_PER_TX);
    const zeros: InferenceBackend = { name: "zeros", load: (loaded) => ({ loaded, run: () => new Uint8Array(loaded.outputBytes) }) };
    const models = [large, huge].map((loaded) => record({ id: loaded.id, loaded }));
    const capped = createPrecompileSet({ models, backend: zeros });
    capped.beginBlock(0);
    const infer = ({ id, inputBytes }: LoadedModel) => capped.run(INFER, concatBytes(id, new Uint8Array(inputBytes)), 2 ** 40, state).ok;
    expect(infer(huge)).toBe(false);
    const calls = Math.floor(MAX_UNITS_PER_TX / large.units);
    for (let i = 0; i < calls; i++) expect(infer(large)).toBe(true);
    expect(infer(large)).toBe(false);
    capped.beginTx();
    expect(infer(large)).toBe(true);
  });
});

describe("MODEL_INFO", () => {
  const words = (set = setOf(record())) => {
    const outcome = set.run(INFO, small.id, 100, state);
    if (!outcome.ok) return expect.unreachable();
    expect(outcome.gasUsed).toBe(100);
    return Array.from({ length: 9 }, (_, i) => bytesToBigInt(outcome.output.subarray(32 * i, 32 * i + 32)));
  };

  it("returns nine words in the order of the specification", () => {
    const numbers = [2, 0, small.macs, small.units, small.inputBytes, small.outputBytes, small.weightBytes].map(BigInt);
    expect(words()).toEqual([...numbers, BigInt(`0x${"09".repeat(20)}`), 5n]);
    expect(words(setOf(record({ activationBlock: 7 }))).slice(0, 2)).toEqual([1n, 7n]);
  });

  it("says so when a model has become active, and hands out what nobody else holds", () => {
    const set = setOf(record({ activationBlock: 7 }));
    expect(words(set)[0]).toBe(1n);
    set.beginBlock(7);
    const outcome = set.run(INFO, small.id, 100, state);
    if (outcome.ok) outcome.output.fill(0);
    expect(words(set)[0]).toBe(2n);
  });

  it("fails for an unknown model, another length, too little gas", () => {
    const set = setOf(record());
    expect(set.run(INFO, new Uint8Array(32), 100, state)).toEqual({ ok: false });
    expect(set.run(INFO, small.id.subarray(1), 100, state)).toEqual({ ok: false });
    expect(set.run(INFO, small.id, 99, state)).toEqual({ ok: false });
  });
});

describe("a block", () => {
  it("stops with NEED_MODEL before its first transaction while weights of an active model are missing", () => {
    const set = createPrecompileSet({ models: [record({ loaded: undefined, activationBlock: 3 })], backend: createBackend("wasm") });
    set.beginBlock(2);
    expect(() => set.beginBlock(3)).toThrowError(expect.objectContaining({ code: "NEED_MODEL" }));
  });

  it("knows two addresses", () => {
    expect(setOf().addresses.map(toHex)).toEqual([toHex(INFO), toHex(INFER)]);
    expect(setOf().run(new Uint8Array(20), call, GAS, state)).toEqual({ ok: false });
  });
});
