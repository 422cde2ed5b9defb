import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { concatBytes } from "@noema/core/bytes";
import { afterEach, expect, it } from "vitest";
import { loadModel, shareOf } from "../model/load.ts";
import { createModelBuilder } from "../model/model-builder.ts";
import { runModel } from "../model/run-model.ts";
import { smallModel } from "../testing/small-model.ts";
import { coldModelGas, inferGas } from "./gas.ts";

const workers: Worker[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
});

async function started(workerData: unknown): Promise<(input: Uint8Array) => Promise<unknown>> {
  const worker = new Worker(new URL("../testing/set-worker.ts", import.meta.url), { workerData });
  workers.push(worker);
  await once(worker, "message");
  return async (input) => {
    worker.postMessage(input);
    return (await once(worker, "message"))[0];
  };
}

it("threads make their own sets from the same models, and answer alike", async () => {
  const small = loadModel(smallModel());
  const input = Uint8Array.from({ length: small.inputBytes }, (_, i) => 3 * i);
  const threads = await Promise.all([started([shareOf(small)]), started([shareOf(small)])]);
  const call = concatBytes(small.id, input);
  const answer = { ok: true, output: runModel(small, input), gasUsed: inferGas(small) + coldModelGas(small) };
  expect(await Promise.all(threads.map((ask) => ask(call)))).toEqual([answer, answer]);
});

it("the weights are one memory for all of them, until a set lays them out", async () => {
  const builder = createModelBuilder([4]);
  const model = loadModel(builder.build(builder.add("LUT8", [0, { shape: [256], data: new Int8Array(256).fill(1) }], { shape: [4] })));
  const ask = await started([shareOf(model)]);
  model.file.fill(2, model.file.length - model.weightBytes);
  const answered = await ask(concatBytes(model.id, new Uint8Array(4)));
  expect(answered).toMatchObject({ ok: true, output: new Uint8Array(4).fill(2) });
});
