/** Clock that moves only when told. Timers run by (time, order of creation), so a run is a function of its calls. */
import type { Clock } from "../ports/clock.ts";

export type SimClock = Clock & {
  /** Runs every timer due within `ms`, also those that they set, each at its own time. */
  advance(ms: number): void;
  /** As `advance`, but after each timer lets promises settle (also those that wait for the event loop). */
  advanceAsync(ms: number): Promise<void>;
  /** Moves to the next timer and runs it; false when there is none. */
  runNext(): boolean;
  /** Time of the next timer. */
  nextMs(): number | undefined;
  pending(): number;
};

type Timer = { at: number; sequence: number; run: () => void };

export function createSimClock(startMs = 1_700_000_000_000): SimClock {
  let now = startMs;
  let sequence = 0;
  const heap: Timer[] = [];
  const cancelled = new Set<Timer>();

  function next(): Timer | undefined {
    while (heap.length > 0 && cancelled.delete(heap[0] as Timer)) pop(heap);
    return heap[0];
  }
  function runNext(): boolean {
    const timer = next();
    if (timer === undefined) return false;
    pop(heap);
    now = Math.max(now, timer.at);
    timer.run();
    return true;
  }
  return {
    nowMs: () => now,
    after(ms, run) {
      const timer = { at: now + Math.max(0, ms), sequence: sequence++, run: () => finish(run) };
      let done = false;
      const finish = (f: () => void) => {
        done = true;
        f();
      };
      push(heap, timer);
      return () => {
        if (!done) cancelled.add(timer);
        done = true;
      };
    },
    advance(ms) {
      const until = now + ms;
      while ((next()?.at ?? Number.POSITIVE_INFINITY) <= until) runNext();
      now = until;
    },
    async advanceAsync(ms) {
      const until = now + ms;
      await settle();
      while ((next()?.at ?? Number.POSITIVE_INFINITY) <= until) {
        runNext();
        await settle();
      }
      now = until;
    },
    runNext,
    nextMs: () => next()?.at,
    pending: () => heap.length - cancelled.size,
  };
}

/** Lets everything that is ready run: microtasks, then one turn of the event loop. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}

function push(heap: Timer[], timer: Timer): void {
  let i = heap.push(timer) - 1;
  while (i > 0) {
    const up = (i - 1) >> 1;
    if (!before(timer, heap[up] as Timer)) break;
    heap[i] = heap[up] as Timer;
    i = up;
  }
  heap[i] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop() as Timer;
  if (heap.length === 0) return;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer)) child++;
    if (!before(heap[child] as Timer, last)) break;
    heap[i] = heap[child] as Timer;
    i = child;
  }
  heap[i] = last;
}
