/**
 * Questions that wait for one thread, oldest first: a bounded queue, each with a deadline that counts from when the thread is there, and
 * given up when its client has gone.
 */
import { createBoundedQueue, type QueueBound } from "@noema/core/bounded-queue";
import type { NoemaError } from "@noema/core/errors";
import type { Clock } from "@noema/core/ports/clock";
import type { Metrics } from "@noema/core/ports/metrics";
import type { Asker } from "../rpc/asker.ts";
import { rpcError } from "../rpc/errors.ts";

/** Where the queue is full, a client with fewer takes the place of the newest of one with more. */
export const PER_CLIENT = 8;
/** A thread that was told to stop has so long to say that it has. */
export const STOP_MS = 2000;
/** A refusal is told so much later, so that who asks again at once is no load of its own; of as many as may wait, the others hear at once. */
export const REFUSAL_MS = 200;

export type LaneOptions = {
  /** Questions that wait. What gives way: the newest of the client that has most. */
  queue: QueueBound<"replace">;
  /** On the way to the thread at a time. */
  atOnce: number;
  deadlineMs: number;
  clock: Clock;
  metrics: Metrics;
  /** Resolves when the thread is there. */
  ready(): Promise<unknown>;
  /** The thread should give this question up: what it answers then is not looked at. */
  stop(id: number): void;
  /** It did not: what is on the way to it fails now. */
  replace(): void;
};
export type Lane = {
  /** Throws RPC_BUSY, RPC_DEADLINE, and what `run` and `ready` throw. */
  ask<T>(by: Asker | undefined, run: (id: number) => Promise<T>): Promise<T>;
  waiting(): number;
};

type Question = { client?: string; begin(): Promise<void>; fail(error: NoemaError): void };

export function createLane(o: LaneOptions): Lane {
  const { bound } = o.queue;
  const busy = () => rpcError("RPC_BUSY", `${queue.length} questions wait already, at most ${bound} may`);
  const queue = createBoundedQueue<Question, "replace">({
    ...o.queue,
    metrics: o.metrics,
    nowMs: () => o.clock.nowMs(),
    victim,
    displaced: async (question) => question.fail(await refusal()),
  });
  let running = 0;
  let newest = 0;
  let held = 0;

  async function refusal(): Promise<NoemaError> {
    const error = busy();
    if (held >= bound) return error;
    held++;
    await new Promise<void>((resolve) => o.clock.after(REFUSAL_MS, resolve));
    held--;
    return error;
  }

  function pump(): void {
    while (running < o.atOnce && queue.length > 0) {
      running++;
      void queue
        .shift()
        ?.begin()
        .then(() => {
          running--;
          pump();
        });
    }
  }

  /** Undefined: it was refused. */
  function enqueue<T>(by: Asker | undefined, run: (id: number) => Promise<T>): Promise<T> | undefined {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const id = ++newest;
    let state: "waits" | "runs" | "over" = "waits";
    let cancel = () => {};
    const over = () => {
      state = "over";
      cancel();
      by?.gone.removeEventListener("abort", onGone);
    };
    const giveUp = (why: string) => {
      reject(rpcError("RPC_DEADLINE", `the question was given up: ${why}`));
      if (state === "runs") return o.stop(id);
      queue.remove(question);
      over();
    };
    const onGone = () => giveUp("its client has gone");
    const onDeadline = () => {
      giveUp(`no answer in ${o.deadlineMs} ms`);
      if (state === "runs") cancel = o.clock.after(STOP_MS, o.replace);
    };
    const question: Question = {
      client: by?.client,
      async begin() {
        state = "runs";
        try {
          await o.ready();
          resolve(await run(id));
        } catch (error) {
          reject(error);
        }
        over();
      },
      fail(error) {
        reject(error);
        over();
      },
    };
    if (!queue.push(question)) return undefined;
    by?.gone.addEventListener("abort", onGone);
    pump();
    o.ready().then(
      () => {
        if (state !== "over") cancel = o.clock.after(o.deadlineMs, onDeadline);
      },
      () => undefined, // `begin` tells it
    );
    return promise;
  }

  return {
    async ask(by, run) {
      if (by?.gone.aborted) throw rpcError("RPC_DEADLINE", "the question was given up: its client has gone");
      const answer = enqueue(by, run);
      if (answer === undefined) throw await refusal();
      return answer;
    },
    waiting: () => queue.length,
  };
}

/** The newest of the client that has most, where that is more than its share and the other's is not used up. */
function victim(waiting: readonly Question[], { client }: Question): Question | undefined {
  const counts = new Map<string, number>();
  for (const x of waiting) if (x.client !== undefined) counts.set(x.client, (counts.get(x.client) ?? 0) + 1);
  const [most, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0]);
  if (client === undefined || count <= PER_CLIENT || (counts.get(client) ?? 0) >= PER_CLIENT) return undefined;
  return waiting.findLast((x) => x.client === most);
}
