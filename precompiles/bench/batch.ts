/**
 * Digits computed ahead on threads of their own, and what is left to the thread that executes blocks:
 * node precompiles/bench/batch.ts. Ratios hold elsewhere, absolute figures do not.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { createThreadBackend } from "../src/backend/thread-backend.ts";
import { createWasmBackend } from "../src/backend/wasm-backend.ts";
import { loadModel } from "../src/model/load.ts";
import { createPrefetch } from "../src/set/prefetch.ts";
import { createResultCache } from "../src/set/result-cache.ts";
import { digitModelFile, heldOutDigits } from "../src/testing/digit-model.ts";

const model = loadModel(digitModelFile());
const digits = heldOutDigits().map(({ input }) => input);
const runnable = createWasmBackend().load(model);
const perSecond = (ms: number) => `${Math.round((1000 * digits.length) / ms).toLocaleString("en-US")}/s`.padStart(12);

function timed(name: string, run: () => void): void {
  run();
  const start = performance.now();
  run();
  console.log(name.padEnd(28), perSecond(performance.now() - start));
}

timed("on this thread", () => {
  for (const input of digits) runnable.run(input);
});

for (let threads = 1; threads <= Math.min(4, availableParallelism()); threads++) {
  const workers = Array.from({ length: threads }, () => new Worker(new URL("../src/backend/batch-worker.ts", import.meta.url)));
  const cache = createResultCache({ entries: digits.length, bytes: 2 ** 20 });
  const prefetches = workers.map((worker) => createPrefetch(createThreadBackend(worker), cache));
  await Promise.all(prefetches.map((prefetch) => prefetch(model, digits.slice(0, 1)))); // started, the model laid out
  const start = performance.now();
  const share = Math.ceil(digits.length / threads);
  await Promise.all(prefetches.map((prefetch, i) => prefetch(model, digits.slice(i * share, (i + 1) * share))));
  console.log(`ahead, ${threads} threads`.padEnd(28), perSecond(performance.now() - start));
  await Promise.all(workers.map((worker) => worker.terminate()));
  if (threads === 1)
    timed("from the cache", () => {
      for (const input of digits) cache.resolve(model.id, input, () => runnable.run(input));
    });
}
