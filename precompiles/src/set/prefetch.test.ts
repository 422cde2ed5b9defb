import { Worker } from "node:worker_threads";
import { concatBytes, toHex } from "@noema/core/bytes";
import { afterEach, expect, it } from "vitest";
import type { BatchBackend } from "../backend/batch-backend.ts";
import { createThreadBackend } from "../backend/thread-backend.ts";
import { createWasmBackend } from "../backend/wasm-backend.ts";
import { genesisSource } from "../genesis-models.ts";
import { loadModel } from "../model/load.ts";
import { runModel } from "../model/run-model.ts";
import { createDraw } from "../testing/draw.ts";
import { OPERATOR_NAMES, randomOperator } from "../testing/random-models.ts";
import { smallModel } from "../testing/small-model.ts";
import { createPrecompileSet } from "./precompile-set.ts";
import { createPrefetch } from "./prefetch.ts";
import { createResultCache } from "./result-cache.ts";

const workers: Worker[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
});

function held(worker: Worker): Worker {
  workers.push(worker);
  return worker;
}

const thread = () => createThreadBackend(held(new Worker(new URL("../backend/batch-worker.ts", import.meta.url))));

const small = loadModel(smallModel());
const inputs = Array.from({ length: 8 }, (_, x) => new Uint8Array(small.inputBytes).fill(x));

/** A set over `cache`, and how often its own back end ran. */
function counted(cache = createResultCache()) {
  const wasm = createWasmBackend();
  const ran = { times: 0 };
  const backend = {
    name: "counted",
    load(loaded: typeof small) {
      const runnable = wasm.load(loaded);
      const run = (input: Uint8Array) => {
        ran.times++;
        return runnable.run(input);
      };
      return { run };
    },
  };
  const set = createPrecompileSet({ source: genesisSource([small]), backend, cache });
  set.beginBlock({ height: 1, state: { slot: () => 0n, code: () => new Uint8Array(0) } });
  const infer = (input: Uint8Array) => set.precompiles[1]!.run(concatBytes(small.id, input), 30_000_000, set.beginTx());
  return { cache, ran, infer };
}

it("what a batch computed is taken from the cache; bytes and gas are those of a set without", async () => {
  const [ahead, alone] = [counted(), counted()];
  await createPrefetch(thread(), ahead.cache)(small, inputs);
  expect(inputs.map(ahead.infer)).toEqual(inputs.map(alone.infer));
  expect(ahead.ran.times).toBe(0);
  expect(alone.ran.times).toBe(inputs.length);
});

it("submits only what the cache does not hold, and the cache keeps its bounds", async () => {
  const submitted: number[] = [];
  const batch: BatchBackend = {
    async submit(model, inputs) {
      submitted.push(inputs.length);
      return inputs.map((input) => runModel(model, input));
    },
  };
  const cache = createResultCache({ entries: 6, bytes: 1000 });
  const prefetch = createPrefetch(batch, cache);
  for (const count of [4, 4, 6, 8]) await prefetch(small, inputs.slice(0, count));
  expect(submitted).toEqual([4, 2, 2]);
  expect(cache.size).toBe(6);
});

it("the thread gives the judge's bytes on random models of each operator (seeds 1 to 20)", async () => {
  const batch = thread();
  for (const name of OPERATOR_NAMES)
    for (let seed = 1; seed <= 20; seed++) {
      const { file, input } = randomOperator(name, createDraw(seed));
      const model = loadModel(file);
      const flipped = input.map((byte) => byte ^ 0x55);
      const outputs = await batch.submit(model, [input, flipped]);
      expect(outputs.map(toHex), `${name}, seed ${seed}`).toEqual([input, flipped].map((x) => toHex(runModel(model, x))));
    }
});

it("a thread that ends is an error of what waits and of what comes, and the set goes on without", async () => {
  const silent = 'require("node:worker_threads").parentPort.on("message", () => undefined)';
  const worker = held(new Worker(silent, { eval: true }));
  const batch = createThreadBackend(worker);
  await expect(batch.submit(small, [new Uint8Array(1)])).rejects.toMatchObject({ code: "MODEL_INPUT_INVALID" });
  const set = counted();
  const prefetch = createPrefetch(batch, set.cache);
  const waiting = expect(prefetch(small, inputs)).rejects.toMatchObject({ code: "BACKEND_LOST" });
  await worker.terminate();
  await waiting;
  await expect(prefetch(small, inputs)).rejects.toMatchObject({ code: "BACKEND_LOST" });
  expect(set.infer(inputs[1]!)).toMatchObject({ ok: true, output: runModel(small, inputs[1]!) });
});
