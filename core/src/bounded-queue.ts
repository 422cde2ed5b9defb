/**
 * What waits between threads, or came from a peer or a client: never more than the queue's bound, and its rule says what becomes of the rest.
 *
 *   keep      it is not taken: who brought it waits, and brings it again
 *   merge     it becomes part of what waits
 *   replace   it takes the place of what waits, which goes; where nothing gives way it is refused
 *   drop      it goes, and nobody is told
 *   refuse    it goes, and who brought it is told
 */
import type { Metrics } from "./ports/metrics.ts";

export type OverflowRule = "keep" | "merge" | "replace" | "drop" | "refuse";

/** `name`: as it stands in metrics, `<area>_<thing>`. */
export type QueueBound<R extends OverflowRule = OverflowRule> = {
  readonly name: string;
  readonly bound: number;
  readonly unit: "items" | "bytes";
  readonly rule: R;
};

export type BoundedQueue<T, R extends OverflowRule = OverflowRule> = QueueBound<R> &
  Iterable<T> & {
    /** False: it was not taken, by the rule. */
    push(item: T): boolean;
    /** The oldest. */
    shift(): T | undefined;
    remove(item: T): void;
    readonly length: number;
    /** In its unit. */
    readonly size: number;
  };

type Overflow<T> = {
  keep: unknown;
  drop: unknown;
  refuse: unknown;
  /** Makes it part of one that waits, without growing that; false: it cannot. */
  merge: { merge(waiting: readonly T[], item: T): boolean };
  /** Which gives way, and what is done with it. */
  replace: { victim(waiting: readonly T[], item: T): T | undefined; displaced(item: T): void };
};

type QueueOptions<T, R extends OverflowRule> = QueueBound<R> &
  Overflow<T>[R] & {
    /** In the queue's unit; default: one. */
    sizeOf?(item: T): number;
    metrics?: Metrics;
    /** Where waits are measured. */
    nowMs?(): number;
  };

const PAST: Record<OverflowRule, string> = { keep: "held_back", merge: "merged", replace: "replaced", drop: "dropped", refuse: "refused" };
const WAITS = [0.001, 0.01, 0.1, 1, 10];

/** Metrics: `noema_<name>_queue_<unit>`, `noema_<name>_<what its rule did>_total`, and with a clock `noema_<name>_queue_wait_seconds`. */
export function createBoundedQueue<T, R extends OverflowRule>(o: QueueOptions<T, R>): BoundedQueue<T, R> {
  const { name, bound, unit, rule, metrics, nowMs } = o;
  const overflow = o as Partial<Overflow<T>["merge"] & Overflow<T>["replace"]>;
  const sizeOf = o.sizeOf ?? (() => 1);
  const waiting: T[] = [];
  const since = new Map<T, number>();
  let size = 0;
  const counted = (done: OverflowRule) =>
    metrics?.counter(`noema_${name}_${PAST[done]}_total`, `what of the queue ${name} was ${PAST[done]}`);
  const acted = counted(rule);
  const refused = rule === "replace" ? counted("refuse") : acted;
  metrics?.gauge(`noema_${name}_queue_${unit}`, `what waits in the queue ${name}, at most ${bound}; above: ${rule}`, () => size);
  const waited = nowMs && metrics?.histogram(`noema_${name}_queue_wait_seconds`, `how long it waited in the queue ${name}`, WAITS);

  function left(item: T): void {
    size -= sizeOf(item);
    const from = since.get(item);
    if (nowMs !== undefined && from !== undefined) waited?.((nowMs() - from) / 1000);
    since.delete(item);
  }

  function remove(item: T): void {
    const at = waiting.indexOf(item);
    if (at < 0) return;
    waiting.splice(at, 1);
    left(item);
  }

  /** Whether there is room for it now. */
  function makeRoom(item: T): boolean {
    if (size + sizeOf(item) <= bound) return true;
    const victim = overflow.victim?.(waiting, item);
    if (victim === undefined || size - sizeOf(victim) + sizeOf(item) > bound) {
      refused?.();
      return false;
    }
    remove(victim);
    overflow.displaced?.(victim);
    acted?.();
    return true;
  }

  return {
    ...{ name, bound, unit, rule, remove },
    push(item) {
      if (overflow.merge?.(waiting, item)) {
        acted?.();
        return true;
      }
      if (!makeRoom(item)) return false;
      waiting.push(item);
      size += sizeOf(item);
      if (waited !== undefined) since.set(item, nowMs?.() as number);
      return true;
    },
    shift() {
      const item = waiting.shift();
      if (item !== undefined) left(item);
      return item;
    },
    get length() {
      return waiting.length;
    },
    get size() {
      return size;
    },
    [Symbol.iterator]: () => waiting.values(),
  };
}
