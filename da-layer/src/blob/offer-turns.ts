/**
 * Which offers are worked on. Each publisher has a queue and places of its own; a free place goes to who has the fewest, then to who had
 * one longest ago. Who let a pull stall shares few places with the others who did, so that many of them hold up nobody else.
 */
import { createBoundedMap } from "@noema/core/bounded";
import type { Clock } from "@noema/core/ports/clock";
import { daError } from "../errors.ts";

/** Each takes 1 MiB of rows that are checked together, and as much on its way. */
const PLACES = 16;
/** Of one publisher: more of its objects wait, and its own upload is what bounds them. */
const SHARE = 4;
/** Of one publisher: as many as it has under way (publish.ts), twice, since a repeated offer may come before the first has ended. */
const MAX_WAITING = 16;
/** Of all together whose pulls stalled lately. */
const SLOW_PLACES = 4;
const SLOW_MS = 60_000;
/** More than a validator set has. */
const REMEMBERED = 1024;

export type OfferTurns = {
  /** Runs `work` in the publisher's turn. Rejects with DA_QUOTA where its queue is full, with the signal's reason while it waits. */
  run<T>(publisher: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** The publisher's pull stalled. */
  slow(publisher: string): void;
};

type Queue = { working: number; waiting: (() => void)[] };

export function createOfferTurns(clock: Clock): OfferTurns {
  /** In the order of their last turns. */
  const queues = new Map<string, Queue>();
  const stalls = createBoundedMap<string, number>(REMEMBERED);
  const isSlow = (publisher: string) => clock.nowMs() - (stalls.get(publisher) ?? Number.NEGATIVE_INFINITY) < SLOW_MS;

  function next(): string | undefined {
    const all = [...queues];
    if (sum(all) >= PLACES) return undefined;
    const slowAreFull = sum(all.filter(([publisher]) => isSlow(publisher))) >= SLOW_PLACES;
    const ready = all.filter(
      ([publisher, { working, waiting }]) => waiting.length > 0 && working < SHARE && !(slowAreFull && isSlow(publisher)),
    );
    const fewest = Math.min(...ready.map(([, { working }]) => working));
    return ready.find(([, { working }]) => working === fewest)?.[0];
  }

  function grant(): void {
    for (let publisher = next(); publisher !== undefined; publisher = next()) {
      const queue = queues.get(publisher)!;
      queues.delete(publisher);
      queues.set(publisher, queue);
      queue.working++;
      queue.waiting.shift()!();
    }
  }

  function turn(publisher: string, signal: AbortSignal): Promise<Queue> {
    const queue = queues.get(publisher) ?? { working: 0, waiting: [] };
    if (signal.aborted) return Promise.reject(signal.reason);
    if (queue.waiting.length >= MAX_WAITING)
      return Promise.reject(daError("DA_QUOTA", `${MAX_WAITING} offers of this publisher wait already`, { limit: MAX_WAITING }));
    queues.set(publisher, queue);
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener("abort", leave);
        resolve(queue);
      };
      const leave = () => {
        queue.waiting.splice(queue.waiting.indexOf(begin), 1);
        forget(publisher, queue);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      queue.waiting.push(begin);
      grant();
    });
  }

  function forget(publisher: string, { working, waiting }: Queue): void {
    if (working === 0 && waiting.length === 0) queues.delete(publisher);
  }

  return {
    async run(publisher, signal, work) {
      const queue = await turn(publisher, signal);
      try {
        return await work();
      } finally {
        queue.working--;
        forget(publisher, queue);
        grant();
      }
    },
    slow: (publisher) => stalls.set(publisher, clock.nowMs()),
  };
}

function sum(queues: readonly (readonly [string, Queue])[]): number {
  return queues.reduce((n, [, { working }]) => n + working, 0);
}
