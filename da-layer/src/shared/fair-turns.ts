/**
 * Who works now, where there are few places. Each asker has a queue and a share of the places; a free place goes to who has the fewest,
 * then to who had one longest ago. Who was slow lately shares few places with the others who were, so that many of them hold up nobody else.
 */
import { createBoundedMap } from "@noema/core/bounded";
import type { Clock } from "@noema/core/ports/clock";

export type TurnRules = {
  places: number;
  /** Most places of one asker. */
  share: number;
  /** Most that wait of one asker. */
  queue: number;
  /** Of all together who were slow in the last minute. */
  slowPlaces: number;
  /** What who finds its queue full is told. */
  full: () => Error;
};

export type FairTurns = {
  /** Runs `work` in the asker's turn. Rejects with `full` where its queue is full, with the signal's reason while it waits. */
  run<T>(asker: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Another of this asker would be told `full`. */
  isFull(asker: string): boolean;
  /** The asker let a place stand idle. */
  slow(asker: string): void;
};

const SLOW_MS = 60_000;
/** More than a validator set has. */
const REMEMBERED = 1024;

type Queue = { working: number; waiting: (() => void)[] };

export function createFairTurns(clock: Clock, { places, share, queue: most, slowPlaces, full }: TurnRules): FairTurns {
  /** In the order of their last turns. */
  const queues = new Map<string, Queue>();
  const stalls = createBoundedMap<string, number>(REMEMBERED);
  const isSlow = (asker: string) => clock.nowMs() - (stalls.get(asker) ?? Number.NEGATIVE_INFINITY) < SLOW_MS;

  function next(): string | undefined {
    const all = [...queues];
    if (sum(all) >= places) return undefined;
    const slowAreFull = sum(all.filter(([asker]) => isSlow(asker))) >= slowPlaces;
    const ready = all.filter(([asker, { working, waiting }]) => waiting.length > 0 && working < share && !(slowAreFull && isSlow(asker)));
    const fewest = Math.min(...ready.map(([, { working }]) => working));
    return ready.find(([, { working }]) => working === fewest)?.[0];
  }

  function grant(): void {
    for (let asker = next(); asker !== undefined; asker = next()) {
      const queue = queues.get(asker)!;
      queues.delete(asker);
      queues.set(asker, queue);
      queue.working++;
      queue.waiting.shift()!();
    }
  }

  function turn(asker: string, signal: AbortSignal): Promise<Queue> {
    const queue = queues.get(asker) ?? { working: 0, waiting: [] };
    if (signal.aborted) return Promise.reject(signal.reason);
    if (queue.waiting.length >= most) return Promise.reject(full());
    queues.set(asker, queue);
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener("abort", leave);
        resolve(queue);
      };
      const leave = () => {
        queue.waiting.splice(queue.waiting.indexOf(begin), 1);
        forget(asker, queue);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      queue.waiting.push(begin);
      grant();
    });
  }

  function forget(asker: string, { working, waiting }: Queue): void {
    if (working === 0 && waiting.length === 0) queues.delete(asker);
  }

  return {
    async run(asker, signal, work) {
      const queue = await turn(asker, signal);
      try {
        return await work();
      } finally {
        queue.working--;
        forget(asker, queue);
        grant();
      }
    },
    isFull: (asker) => (queues.get(asker)?.waiting.length ?? 0) >= most,
    slow: (asker) => stalls.set(asker, clock.nowMs()),
  };
}

function sum(queues: readonly (readonly [string, Queue])[]): number {
  return queues.reduce((n, [, { working }]) => n + working, 0);
}
