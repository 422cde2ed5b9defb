/** RowWorker in a worker thread: started by the first call, started again by the next call after it failed. */
import { Worker } from "node:worker_threads";
import { daError } from "../errors.ts";
import type { RowWorker } from "./row-worker.ts";
import { fromWorkerError, toTransfer, type WorkerAnswer, type WorkerData, type WorkerMethod } from "./worker-protocol.ts";

export type RowWorkerClientOptions = {
  /** Where worker.ts is: a bundle passes its own path. */
  url?: URL | string;
  kzg?: WorkerData["kzg"];
  /** The call that starts the worker waits for KZG's set-up: seconds. */
  onStart?: () => void;
};

type Waiting = { resolve: (value: unknown) => void; reject: (error: unknown) => void };

export function createRowWorkerClient(options: RowWorkerClientOptions = {}): RowWorker {
  const url = options.url ?? new URL("./worker.ts", import.meta.url);
  const workerData: WorkerData = { kzg: options.kzg ?? "eth-kzg" };
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let calls = 0;

  function fail(failed: Worker, why: string): void {
    if (worker !== failed) return;
    worker = undefined;
    const error = daError("DA_WORKER_FAILED", `the row worker stopped: ${why}`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function started(): Worker {
    if (worker !== undefined) return worker;
    options.onStart?.();
    const fresh = new Worker(url, { workerData });
    fresh.unref();
    fresh.on("message", ({ call, result, error }: WorkerAnswer) => {
      const caller = waiting.get(call);
      waiting.delete(call);
      if (error === undefined) caller?.resolve(result);
      else caller?.reject(fromWorkerError(error));
      if (waiting.size === 0) fresh.unref();
    });
    fresh.on("error", (error) => fail(fresh, String(error)));
    fresh.on("exit", (code) => fail(fresh, `exit code ${code}`));
    worker = fresh;
    return fresh;
  }

  function call<T>(method: WorkerMethod, ...args: unknown[]): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const target = started();
      const id = calls++;
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      const { value, buffers } = toTransfer({ call: id, method, args });
      target.ref(); // an answer that is waited for keeps the process alive
      target.postMessage(value, buffers);
    });
  }

  return {
    encode: (meta, payload) => call("encode", meta, payload),
    checkObject: (object) => call("checkObject", object),
    checkRows: (object, rows) => call("checkRows", object, rows),
    decode: (rows, R) => call("decode", rows, R),
    verifyBlobs: (blobs, commitments, proofs) => call("verifyBlobs", blobs, commitments, proofs),
    async close() {
      const running = worker;
      if (running === undefined) return;
      fail(running, "closed");
      await running.terminate();
    },
  };
}
