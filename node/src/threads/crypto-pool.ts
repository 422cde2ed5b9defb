/**
 * Crypto threads: started when there is work for one more, each with at most a few jobs on the way, so that what is urgent comes next.
 * Who waits stands in one of three lanes, served in their order; a lane that is full refuses the newcomer.
 */
import { availableParallelism } from "node:os";
import { isNoemaError } from "@noema/core/errors";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import { nodeError } from "../errors.ts";
import type { CryptoJob, CryptoJobs, CryptoThread } from "./crypto-jobs.ts";
import { connect } from "./rpc.ts";
import { startThread, type Thread } from "./thread.ts";
import { postCopy } from "./transfer.ts";

/** Jobs that may wait. votes: what this validator signs and gathers; peers: what others want verified; transactions: senders. */
const CAPS = { votes: 256, peers: 256, transactions: 1024 };
export type CryptoLane = keyof typeof CAPS;
/** In the order in which they are served. */
const LANES: readonly CryptoLane[] = ["votes", "peers", "transactions"];
/** On the way to a thread at once: one is done while the next one crosses. */
const AT_ONCE = 2;

export type CryptoPool = {
  /** `args` are copied. Throws CRYPTO_BUSY, CRYPTO_ENDED, and what the job throws. */
  ask<J extends CryptoJob>(lane: CryptoLane, job: J, ...args: Parameters<CryptoJobs[J]>): Promise<ReturnType<CryptoJobs[J]>>;
  /** Jobs that have not been answered. */
  open(): number;
  /** At most. */
  readonly threads: number;
  stop(): Promise<void>;
};

/** One for two cores, which main and execution fill; half of more, up to eight. */
export function cryptoThreads(cores = availableParallelism()): number {
  return Math.max(1, Math.min(8, cores >> 1));
}

type CryptoWorker = Thread & { remote: CryptoThread; busy: number };
type Waiting = { run(thread: CryptoWorker): Promise<unknown>; fail(error: unknown): void };

export function createCryptoPool(o: { logger: Logger; metrics: Metrics; threads?: number }): CryptoPool {
  const most = o.threads ?? cryptoThreads();
  const threads = new Set<CryptoWorker>();
  const queues: Record<CryptoLane, Waiting[]> = { votes: [], peers: [], transactions: [] };
  const refused = o.metrics.counter("noema_crypto_refused_total", "jobs for crypto threads that were refused since too many waited");
  const waiting = () => LANES.reduce((sum, lane) => sum + queues[lane].length, 0);
  o.metrics.gauge("noema_crypto_waiting", "jobs that wait for a crypto thread", waiting);
  o.metrics.gauge("noema_crypto_threads", "crypto threads that run", () => threads.size);
  let open = 0;
  let stopped = false;

  function start(): CryptoWorker {
    const name = `noema-crypto-${threads.size + 1}`;
    const own = startThread("crypto", { name });
    const { worker } = own;
    worker.unref();
    const thread = { ...own, remote: connect<CryptoThread>(worker, name, postCopy), busy: 0 };
    threads.add(thread);
    worker.on("error", (error) => {
      threads.delete(thread);
      o.logger.log("warn", "a crypto thread failed", { thread: name, error: String(error) });
    });
    worker.on("exit", () => {
      threads.delete(thread);
      pump();
    });
    return thread;
  }

  /** The least busy; another one where all have something to do. */
  function free(): CryptoWorker | undefined {
    let best: CryptoWorker | undefined;
    for (const thread of threads) if (thread.busy < (best?.busy ?? AT_ONCE)) best = thread;
    return best?.busy !== 0 && threads.size < most ? start() : best;
  }

  function pump(): void {
    while (!stopped) {
      const queue = LANES.map((lane) => queues[lane]).find((x) => x.length > 0);
      const thread = queue && free();
      if (queue === undefined || thread === undefined) return;
      if (thread.busy++ === 0) thread.worker.ref(); // an answer that is waited for keeps the process alive
      void (queue.shift() as Waiting).run(thread).finally(() => {
        if (--thread.busy === 0) thread.worker.unref();
        pump();
      });
    }
  }

  const stopping = () => nodeError("CRYPTO_ENDED", "the node stops");
  function ended(error: unknown): never {
    throw isNoemaError(error, "WORKER_DIED") ? nodeError("CRYPTO_ENDED", "the thread ended before it answered") : error;
  }

  return {
    threads: most,
    open: () => open,
    async ask(lane, job, ...args) {
      if (stopped) throw stopping();
      const queue = queues[lane];
      if (queue.length >= CAPS[lane]) {
        refused();
        throw nodeError("CRYPTO_BUSY", `${queue.length} jobs of ${lane} wait already`, { lane, limit: CAPS[lane] });
      }
      open++;
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<CryptoJobs[typeof job]>>();
      const call = (thread: CryptoWorker) => (thread.remote[job] as (...args: unknown[]) => Promise<never>)(...args);
      queue.push({ run: (thread) => call(thread).then(resolve, reject), fail: reject });
      pump();
      return promise.catch(ended).finally(() => open--);
    },
    async stop() {
      stopped = true;
      for (const lane of LANES) for (const { fail } of queues[lane].splice(0)) fail(stopping());
      await Promise.all([...threads].map(({ end }) => end()));
    },
  };
}
