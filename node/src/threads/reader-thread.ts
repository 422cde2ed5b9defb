/** A reader thread with its queue: started by the first question, and by the first after it was ended or had nothing to do. */
import { Worker } from "node:worker_threads";
import { isNoemaError } from "@noema/core/errors";
import type { Logger } from "@noema/core/ports/logger";
import { nodeError } from "../errors.ts";
import { asker } from "../rpc/asker.ts";
import { createNativeSection, endOutside } from "../store/native-section.ts";
import { workerUrl } from "./entry.ts";
import { createLane, type LaneOptions } from "./lane.ts";
import type { Question, ReaderThread, ReaderWorkerData } from "./reader-face.ts";
import { connect } from "./rpc.ts";

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

type Running = { worker: Worker; remote: ReaderThread; started: Promise<void>; word: Int32Array; section: SharedArrayBuffer };

export function createReader(data: Omit<ReaderWorkerData, "stop" | "section">, { name, logger, ...o }: ReaderOptions): Reader {
  let running: Running | undefined;
  let stopped = false;
  let asked = 0;
  let stay = () => {};

  function thread(): Running {
    if (running !== undefined) return running;
    const [stop, section] = [new SharedArrayBuffer(4), createNativeSection()];
    const worker = new Worker(workerUrl("reader"), { name, workerData: { ...data, stop, section } satisfies ReaderWorkerData });
    const remote = connect<ReaderThread>(worker, name);
    const fresh = { worker, remote, started: remote.start(), word: new Int32Array(stop), section };
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
    if (last !== undefined) await endOutside(last.worker, last.section);
  }

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
      if (stopped) throw nodeError("READER_ENDED", "the node stops");
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
