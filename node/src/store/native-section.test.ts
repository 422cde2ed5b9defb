import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { createNativeSection, endOutside } from "./native-section.ts";

/** `code` has the words, and says "inside" when it is. */
async function threadInside(code: string) {
  const section = createNativeSection();
  const enter =
    'const { parentPort, workerData } = require("node:worker_threads"); const words = new Int32Array(workerData); words[0] = 1;';
  const worker = new Worker(`${enter} parentPort.postMessage("inside"); ${code}`, { eval: true, workerData: section });
  await once(worker, "message");
  return { worker, section };
}

it("ends a thread when it has come out, and not before", async () => {
  const { worker, section } = await threadInside('parentPort.once("message", () => (words[0] = 0)); parentPort.ref();');
  let ended = false;
  const ending = endOutside(worker, section).then(() => {
    ended = true;
  });
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(ended).toBe(false);
  worker.postMessage("come out");
  await ending;
  expect(worker.threadId).toBe(-1);
});

it("does not wait for one that has died inside", async () => {
  const { worker, section } = await threadInside('parentPort.once("message", () => process.exit());');
  const ending = endOutside(worker, section);
  worker.postMessage("die");
  await ending;
  expect(worker.threadId).toBe(-1);
});
