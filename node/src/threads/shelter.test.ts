import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { createShelter, endOutside, type Shelter } from "./shelter.ts";

/** A thread of whose modules one waits until it is told to go on; it says what it has come to. */
async function loadingThread(): Promise<{ worker: Worker; shelter: Shelter; said: string[] }> {
  const shelter = createShelter();
  const worker = new Worker(new URL("./testing/slow-thread.ts", import.meta.url), { workerData: { shelter } });
  const said: string[] = [];
  worker.on("message", (word) => said.push(word));
  await once(worker, "message");
  return { worker, shelter, said };
}

async function stillRuns(worker: Worker): Promise<boolean> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  return worker.threadId !== -1;
}

it("ends a thread when its modules have loaded, and not before", async () => {
  const { worker, shelter, said } = await loadingThread();
  const ending = endOutside(worker, shelter);
  expect(await stillRuns(worker)).toBe(true);
  worker.postMessage("go on");
  await ending;
  expect([worker.threadId, said.slice(0, 2)]).toEqual([-1, ["loads", "loaded"]]);
});

it("ends a thread when it has come out of what it was in, and lets it into nothing more", async () => {
  const { worker, shelter, said } = await loadingThread();
  worker.postMessage("go on");
  while (!said.includes("inside")) await once(worker, "message");
  const ending = endOutside(worker, shelter);
  expect(await stillRuns(worker)).toBe(true);
  worker.postMessage("come out");
  await ending;
  expect([worker.threadId, said]).toEqual([-1, ["loads", "loaded", "inside", "outside"]]);
});

it("does not wait for one that has died inside", async () => {
  const { worker, shelter } = await loadingThread();
  const ending = endOutside(worker, shelter);
  worker.postMessage("die");
  await ending;
  expect(worker.threadId).toBe(-1);
});
