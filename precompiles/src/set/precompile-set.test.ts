import { bigIntToBytes, bytesToBigInt, concatBytes, toHex } from "@noema/core/bytes";
import type { PrecompileSet, StateReader, TxCounters } from "@noema/core/ports/precompiles";
import { precompileSetCompliance } from "@noema/core/testing/compliance/precompile-set";
import { describe, expect, it } from "vitest";
import { createBackend } from "../backend/create-backend.ts";
import type { InferenceBackend } from "../backend/inference-backend.ts";
import { MAX_UNITS_PER_TX } from "../format/limits.ts";
import { type LoadedModel, loadModel } from "../model/load.ts";
import { createModelBuilder } from "../model/model-builder.ts";
import { runModel } from "../model/run-model.ts";
import { smallModel } from "../testing/small-model.ts";
import { coldModelGas, inferGas } from "./gas.ts";
import type { ModelRecord, ModelSource } from "./model-source.ts";
import { createPrecompileSet } from "./precompile-set.ts";
import { createResultCache } from "./result-cache.ts";

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
  sizes: small,
  ...rest,
});

/** Holds these weights. */
function sourceOf(records: readonly ModelRecord[], held: readonly LoadedModel[] = [small]): ModelSource {
  return { models: () => records, weights: (id) => held.find((model) => toHex(model.id) === toHex(id)) };
}

const word = (n: number) => bigIntToBytes(BigInt(n), 32);
/** An INFER call that reverts with this reason. */
const refused = (reason: number, data: Uint8Array) => ({
  ok: false,
  output: word(reason),
  gasUsed: 3000 + 3 * Math.ceil(data.length / 32),
});

/** side x side times side x side. */
function square(side: number): LoadedModel {
  const builder = createModelBuilder([side, side], 0);
  const weights = { shape: [side, side], data: new Int8Array(side * side) };
  const scales = [new Int32Array(side), new Uint16Array(side)].map((data) => ({ shape: [side], data }));
  return loadModel(builder.build(builder.add("DENSE", [0, weights, ...scales], { shape: [side, side] }, [1, -128, 127])));
}

/** Its two functions in the block of this height. */
function begun(set: PrecompileSet, height = 1) {
  set.beginBlock({ height, state });
  const [info, infer] = set.precompiles;
  if (info === undefined || infer === undefined) return expect.unreachable();
  return {
    info: (data: Uint8Array, gas = 100) => info.run(data, gas, set.beginTx()),
    infer: (data: Uint8Array, gas = GAS, counters: TxCounters = set.beginTx()) => infer.run(data, gas, counters),
  };
}

const setOf = (...models: ModelRecord[]) => createPrecompileSet({ source: sourceOf(models), backend: createBackend("wasm") });

precompileSetCompliance("inference", () => ({
  set: setOf(record()),
  view: { height: 1, state },
  calls: [
    { index: 0, input: small.id, gas: 100 },
    { index: 1, input: call, gas: GAS },
  ],
}));

describe("INFER", () => {
  it("answers with the reference's bytes; the first use in a transaction pays for the weights", () => {
    const set = setOf(record());
    const { infer } = begun(set);
    const [first, second] = [set.beginTx(), set.beginTx()];
    const output = runModel(small, input);
    expect(infer(call, GAS, first)).toEqual({ ok: true, output, gasUsed: cold });
    expect(infer(call, GAS, first)).toEqual({ ok: true, output, gasUsed: warm });
    expect(infer(call, GAS, second), "another transaction's counters").toEqual({ ok: true, output, gasUsed: cold });
    expect(infer(call, GAS, first)).toEqual({ ok: true, output, gasUsed: warm });
    expect(first).toEqual({ units: 3 * small.units, warm: new Set([toHex(small.id)]) });
  });

  it("takes exactly its gas, and counts nothing of a call that fails", () => {
    const set = setOf(record());
    const { infer } = begun(set);
    const counters = set.beginTx();
    expect(infer(call, cold - 1, counters)).toEqual(refused(4, call));
    expect(counters).toEqual(set.beginTx());
    expect(infer(call, cold, counters)).toMatchObject({ ok: true, gasUsed: cold });
    expect(infer(call, warm, counters)).toMatchObject({ ok: true, gasUsed: warm });
  });

  it("refuses an unknown model, an inactive one, and an input of another length, for what the call's bytes cost", () => {
    const { infer } = begun(setOf(record()));
    const unknown = call.slice();
    unknown[0]! ^= 1;
    expect(infer(unknown)).toEqual(refused(1, unknown));
    expect(infer(call.subarray(1))).toEqual(refused(1, call.subarray(1)));
    for (const bad of [concatBytes(call, new Uint8Array(1)), small.id, new Uint8Array(0), call.subarray(0, 31), call.subarray(0, 50)])
      expect(infer(bad)).toEqual(refused(3, bad));
    const later = setOf(record({ activationBlock: 2 }));
    expect(begun(later, 1).infer(call)).toEqual(refused(2, call));
    expect(begun(later, 2).infer(call)).toMatchObject({ ok: true });
    expect(begun(later, 1).infer(call), "a call to an earlier block").toEqual(refused(2, call));
  });

  it("keeps a caller's change of an output out of the cache", () => {
    const { infer } = begun(setOf(record()));
    const first = infer(call);
    first.output.fill(0);
    expect(infer(call)).toMatchObject({ output: runModel(small, input) });
  });

  it("caps the work of a transaction, whatever was reverted, and starts again with the next", () => {
    const large = square(512);
    const zeros: InferenceBackend = { name: "zeros", load: (loaded) => ({ run: () => new Uint8Array(loaded.outputBytes) }) };
    const set = createPrecompileSet({ source: sourceOf([record({ id: large.id, sizes: large })], [large]), backend: zeros });
    const { infer } = begun(set, 0);
    const data = concatBytes(large.id, new Uint8Array(large.inputBytes));
    const of = (counters: TxCounters) => infer(data, 2 ** 40, counters);
    const counters = set.beginTx();
    const calls = Math.floor(MAX_UNITS_PER_TX / large.units);
    for (let i = 0; i < calls; i++) expect(of(counters).ok).toBe(true);
    expect(of(counters)).toEqual(refused(5, data));
    expect(of(set.beginTx()).ok).toBe(true);
  });

  it("asks the cache first, lays a model out for the first call that needs it, or at once where it is to be ready", () => {
    const loads: string[] = [];
    const counted: InferenceBackend = {
      name: "counted",
      load(loaded) {
        loads.push(toHex(loaded.id));
        return { run: (data) => runModel(loaded, data) };
      },
    };
    const cache = createResultCache();
    cache.fill(small.id, input, runModel(small, input));
    const { infer } = begun(createPrecompileSet({ source: sourceOf([record()]), backend: counted, cache }));
    expect(infer(call)).toEqual({ ok: true, output: runModel(small, input), gasUsed: cold });
    expect(loads).toEqual([]);
    for (let i = 0; i < 2; i++)
      expect(
        infer(
          concatBytes(
            small.id,
            input.map((x) => x + i),
          ),
        ),
      ).toMatchObject({ ok: true, gasUsed: cold });
    expect(loads).toEqual([toHex(small.id)]);
    createPrecompileSet({ source: sourceOf([]), backend: counted, ready: [small] });
    expect(loads).toHaveLength(2);
  });
});

describe("MODEL_INFO", () => {
  const words = (set: PrecompileSet, height = 1) => {
    const outcome = begun(set, height).info(small.id);
    expect(outcome).toMatchObject({ ok: true, gasUsed: 100 });
    return Array.from({ length: 9 }, (_, i) => bytesToBigInt(outcome.output.subarray(32 * i, 32 * i + 32)));
  };

  it("returns nine words in the order of the specification", () => {
    const numbers = [2, 0, small.macs, small.units, small.inputBytes, small.outputBytes, small.weightBytes].map(BigInt);
    expect(words(setOf(record()))).toEqual([...numbers, BigInt(`0x${"09".repeat(20)}`), 5n]);
    expect(words(setOf(record({ activationBlock: 7 }))).slice(0, 2)).toEqual([1n, 7n]);
  });

  it("says the same where the weights are not", () => {
    const registered = record({ activationBlock: 7 });
    const without = createPrecompileSet({ source: sourceOf([registered], []), backend: createBackend("wasm") });
    expect(words(without)).toEqual(words(setOf(registered)));
  });

  it("says so when a model has become active, and hands out what nobody else holds", () => {
    const set = setOf(record({ activationBlock: 7 }));
    expect(words(set)[0]).toBe(1n);
    const outcome = begun(set, 7).info(small.id);
    outcome.output.fill(0);
    expect(words(set, 7)[0]).toBe(2n);
  });

  it("refuses an unknown model and another length for the price of an answer", () => {
    const { info } = begun(setOf(record()));
    expect(info(new Uint8Array(32))).toEqual({ ok: false, output: word(1), gasUsed: 100 });
    expect(info(small.id.subarray(1))).toEqual({ ok: false, output: word(3), gasUsed: 100 });
  });
});

describe("a block", () => {
  it("stops with NEED_MODEL before its first transaction while weights of an active model are missing, and goes on once they are here", () => {
    const held: LoadedModel[] = [];
    const set = createPrecompileSet({ source: sourceOf([record({ activationBlock: 3 })], held), backend: createBackend("wasm") });
    begun(set, 2);
    expect(() => begun(set, 3)).toThrowError(expect.objectContaining({ code: "NEED_MODEL" }));
    held.push(small);
    expect(begun(set, 3).infer(call)).toMatchObject({ ok: true });
  });

  it("has the models of its own view: a contract's storage is a source as genesis is", () => {
    const REGISTRY = new Uint8Array(20).fill(0x10);
    const listed = [record()];
    const onChain: ModelSource = {
      models: ({ state }) => (state.slot(REGISTRY, new Uint8Array(32)) === 1n ? listed : []),
      weights: () => small,
    };
    const set = createPrecompileSet({ source: onChain, backend: createBackend("wasm") });
    const inState = (slot: bigint) => {
      set.beginBlock({ height: 1, state: { ...state, slot: (address) => (toHex(address) === toHex(REGISTRY) ? slot : 0n) } });
      return set.precompiles[1]!.run(call, GAS, set.beginTx()).ok;
    };
    expect([0n, 1n, 0n, 1n].map(inState)).toEqual([false, true, false, true]);
  });

  it("has sixteen addresses, of which those where nothing is refuse", () => {
    const set = setOf(record());
    const addresses = Array.from({ length: 16 }, (_, i) => `${"0".repeat(37)}a0${i.toString(16)}`);
    expect(set.precompiles.map(({ address }) => toHex(address))).toEqual(addresses);
    for (const { run } of set.precompiles.slice(2))
      expect(run(call, GAS, set.beginTx())).toEqual({ ok: false, output: word(6), gasUsed: 100 });
  });
});
