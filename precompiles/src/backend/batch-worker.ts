/** Entry of the thread of createThreadBackend: models on the WASM back end, one batch after another. */
import { parentPort } from "node:worker_threads";
import { openShared } from "../model/load.ts";
import type { RunnableModel } from "./inference-backend.ts";
import type { BatchAnswer, BatchCall } from "./thread-backend.ts";
import { createWasmBackend } from "./wasm-backend.ts";

const port = parentPort;
if (port === null) throw new Error("batch-worker.ts runs only as a worker thread");

const backend = createWasmBackend();
const models = new Map<string, RunnableModel>();

port.on("message", ({ call, model, shared, inputs }: BatchCall) => {
  if (shared !== undefined) models.set(model, backend.load(openShared(shared)));
  const runnable = models.get(model) as RunnableModel;
  const outputs = inputs.map((input) => runnable.run(input));
  port.postMessage(
    { call, outputs } satisfies BatchAnswer,
    outputs.map(({ buffer }) => buffer as ArrayBuffer),
  );
});
