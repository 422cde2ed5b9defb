/** Entry of the worker thread that does KZG and row arithmetic, so that neither blocks the thread that votes. Started by worker-client.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { loadKzg } from "./load-kzg.ts";
import { createLocalRowWorker } from "./row-worker.ts";
import { toTransfer, toWorkerError, type WorkerAnswer, type WorkerCall, type WorkerData } from "./worker-protocol.ts";

const port = parentPort;
if (port === null) throw new Error("blob/worker.ts runs only as a worker thread");

const { kzg } = workerData as WorkerData;
const worker = createLocalRowWorker(() => loadKzg(kzg));

port.on("message", ({ call, method, args }: WorkerCall) => {
  const f = worker[method] as (...args: unknown[]) => Promise<unknown>;
  f(...args).then(
    (result) => {
      const { value, buffers } = toTransfer<WorkerAnswer>({ call, result });
      port.postMessage(value, buffers);
    },
    (error) => port.postMessage({ call, error: toWorkerError(error) } satisfies WorkerAnswer),
  );
});
