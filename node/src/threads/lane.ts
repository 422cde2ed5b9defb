/**
 * Questions that wait for one thread, oldest first: at most `cap` (refused: the newest of the client that has most, else the
 * newcomer), each with a deadline that counts from when the thread is there, and given up when its client has gone.
 */
import type { NoemaError } from "@noema/core/errors";
import type { Clock } from "@noema/core/ports/clock";
import type { Asker } from "../rpc/asker.ts";
import { rpcError } from "../rpc/errors.ts";

/** Where the queue is full, a client with fewer takes the place of the newest of one with more. */
export const PER_CLIENT = 8;
/** A thread that was told to stop has so long to say that it has. */
export const STOP_MS = 2000;

export type LaneOptions = {
  /** Questions that wait. */
  cap: number;
  /** On the way to the thread at a time. */
  atOnce: number;
  deadlineMs: number;
  clock: Pick<Clock, "after">;
  /** Resolves when the thread is there. */
  ready(): Promise<unknown>;
  /** The thread should give this question up: what it answers then is not looked at. */
  stop(id: number): void;
  /** It did not: what is on the way to it fails now. */
  replace(): void;
  refused(): void;
};
export type Lane = {
  /** Throws RPC_BUSY, RPC_DEADLINE, and what `run` and `ready` throw. */
  ask<T>(by: Asker | undefined, run: (id: number) => Promise<T>): Promise<T>;
  waiting(): number;
};

type Question = { client?: string; begin(): Promise<void>; fail(error: NoemaError): void };

export function createLane(o: LaneOptions): Lane {
  const queue: Question[] = [];
  const busy = () => rpcError("RPC_BUSY", `${queue.length} questions wait already, at most ${o.cap} may`);
  let running = 0;
  let newest = 0;

  /** Whether one more of this client may wait. */
  function makeRoom(client: string | undefined): boolean {
    if (queue.length < o.cap) return true;
    o.refused();
    const counts = new Map<string, number>();
    for (const x of queue) if (x.client !== undefined) counts.set(x.client, (counts.get(x.client) ?? 0) + 1);
    const [most, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0]);
    if (client === undefined || count <= PER_CLIENT || (counts.get(client) ?? 0) >= PER_CLIENT) return false;
    const [victim] = queue.splice(
      queue.findLastIndex((x) => x.client === most),
      1,
    );
    victim?.fail(busy());
    return true;
  }

  function pump(): void {
    while (running < o.atOnce && queue.length > 0) {
      running++;
      void (queue.shift() as Question).begin().then(() => {
        running--;
        pump();
      });
    }
  }

  function enqueue<T>(by: Asker | undefined, run: (id: number) => Promise<T>): Promise<T> {
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
      queue.splice(queue.indexOf(question), 1);
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
    by?.gone.addEventListener("abort", onGone);
    queue.push(question);
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
      if (!makeRoom(by?.client)) throw busy();
      return enqueue(by, run);
    },
    waiting: () => queue.length,
  };
}
