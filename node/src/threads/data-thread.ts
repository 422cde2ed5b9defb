/** RowWorker in the data thread: started by the first call, started again by the next call after it failed. */
import { isNoemaError } from "@noema/core/errors";
import type { RowWorker } from "@noema/da-layer/blob/row-worker";
import { daError } from "@noema/da-layer/errors";
import { connect } from "./rpc.ts";
import { startThread, type Thread } from "./thread.ts";
import { postCopy } from "./transfer.ts";

type Running = Thread & { remote: RowWorker; waiting: number; prepared: boolean };

/** `tell`: the thread starts, so what is asked of it waits for KZG's set-up; or it is prepared. */
export function createDataThread(tell: (what: "starts" | "prepared") => void = () => {}): RowWorker {
  let running: Running | undefined;

  function started(): Running {
    if (running !== undefined) return running;
    tell("starts");
    const own = startThread("data");
    const { worker } = own;
    worker.unref();
    const fresh = { ...own, remote: connect<RowWorker>(worker, "data", postCopy), waiting: 0, prepared: false };
    const forget = () => {
      if (running === fresh) running = undefined;
    };
    worker.on("error", forget);
    worker.on("exit", forget);
    running = fresh;
    fresh.remote.prepare().then(
      () => {
        fresh.prepared = true;
        tell("prepared");
      },
      () => {}, // whoever asks is told
    );
    return fresh;
  }

  /** Errors without a code are the thread's. */
  async function ask<T>(call: (remote: RowWorker) => Promise<T>): Promise<T> {
    const own = started();
    own.worker.ref(); // an answer that is waited for keeps the process alive
    own.waiting++;
    try {
      return await call(own.remote);
    } catch (error) {
      if (isNoemaError(error) && error.code !== "WORKER_DIED") throw error;
      throw daError("DA_WORKER_FAILED", error instanceof Error ? error.message : String(error));
    } finally {
      if (--own.waiting === 0) own.worker.unref();
    }
  }

  return {
    prepare: () => ask((x) => x.prepare()),
    isPrepared: () => running?.prepared ?? false,
    encode: (meta, payload) => ask((x) => x.encode(meta, payload)),
    checkObject: (object) => ask((x) => x.checkObject(object)),
    checkRows: (object, rows) => ask((x) => x.checkRows(object, rows)),
    decode: (rows, R) => ask((x) => x.decode(rows, R)),
    rebuild: (object, rows, slots) => ask((x) => x.rebuild(object, rows, slots)),
    verifyBlobs: (blobs, commitments, proofs) => ask((x) => x.verifyBlobs(blobs, commitments, proofs)),
    makeCells: (row) => ask((x) => x.makeCells(row)),
    async close() {
      const last = running;
      running = undefined;
      await last?.end();
    },
  };
}
