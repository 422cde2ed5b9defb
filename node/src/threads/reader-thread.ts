/** A reader thread with its queue: started by the first question, and by the first after it was ended or had nothing to do. */
import { isNoemaError } from "@noema/core/errors";
import type { Logger } from "@noema/core/ports/logger";
import { nodeError } from "../errors.ts";
import { asker } from "../rpc/asker.ts";
import { createLane, type LaneOptions } from "./lane.ts";
import type { Question, ReaderThread, ReaderWorkerData } from "./reader-face.ts";
import { connect } from "./rpc.ts";
import { startThread, type Thread } from "./thread.ts";

/** Unasked for so long it is ended: an isolate has 15 to 30 MB, and another starts in some tenths of a second. */
export const IDLE_MS = 120_000;

/** `name`: of the thread, as the system shows it: 15 characters. */
export type ReaderOptions = Pick<LaneOptions, "queue" | "atOnce" | "deadlineMs" | "clock" | "metrics"> & { name: string; logger: Logger };

export type Reader = {
  /** Throws RPC_BUSY, RPC_DEADLINE, READER_ENDED, and what the question throws. */
  ask(method: Question, args: readonly unknown[]): Promise<unknown>;
  /** Whether there is a thread now. */
  runs(): boolean;
  stop(): Promise<void>;
};

type Running = Thread & { remote: ReaderThread; started: Promise<void>; word: Int32Array };

export function createReader(data: Omit<ReaderWorkerData, "stop">, { name, logger, ...o }: ReaderOptions): Reader {
  let running: Running | undefined;
  let stopped = false;
  let asked = 0;
  let stay = () => {};

  function thread(): Running {
    if (running !== undefined) return running;
    if (stopped) throw stopping();
    const stop = new SharedArrayBuffer(4);
    const own = startThread("reader", { name, workerData: { ...data, stop } satisfies ReaderWorkerData });
    const { worker } = own;
    const remote = connect<ReaderThread>(worker, name);
    const fresh = { ...own, remote, started: remote.start(), word: new Int32Array(stop) };
    const forget = () => {
      if (running === fresh) running = undefined;
    };
    worker.on("error", (error) => {
      forget();
      logger.log("warn", "a reader thread failed", { thread: name, error: String(error) });
    });
    worker.on("exit", forget);
    running = fresh;
    return fresh;
  }

  async function end(): Promise<void> {
    const last = running;
    running = undefined;
    await last?.end();
  }

  const stopping = () => nodeError("READER_ENDED", "the node stops");
  const ended = (error: unknown) => {
    throw isNoemaError(error, "WORKER_DIED") ? nodeError("READER_ENDED", `the thread ${name} ended before it answered`) : error;
  };
  const lane = createLane({
    ...o,
    ready: () => thread().started.catch(ended),
    stop(id) {
      if (running !== undefined) Atomics.store(running.word, 0, id);
    },
    replace() {
      logger.log("warn", "a reader thread did not stop and is ended", { thread: name });
      void end();
    },
  });
  return {
    runs: () => running !== undefined,
    async ask(method, args) {
      if (stopped) throw stopping();
      stay();
      asked++;
      try {
        return await lane.ask(asker(), (id) => thread().remote.ask(id, method, args).catch(ended));
      } finally {
        stay();
        if (--asked === 0 && !stopped) stay = o.clock.after(IDLE_MS, () => void end());
      }
    },
    async stop() {
      stopped = true;
      stay();
      await end();
    },
  };
}
