/** How long somebody stays away: each time twice as long, until as long again has passed without another. */
import { createBoundedMap } from "@noema/core/bounded";
import type { Clock } from "@noema/core/ports/clock";

/** Names cost nothing to make, so the oldest pauses are forgotten first. */
const MAX_NAMES = 1000;

export type Pauses = {
  /** During a pause it is the same one. */
  begin(name: string): void;
  /** Milliseconds of the pause at hand; 0: none. */
  leftMs(name: string): number;
};

export function createPauses(clock: Clock, firstMs: number, mostMs: number): Pauses {
  const pauses = createBoundedMap<string, { lengthMs: number; untilMs: number }>(MAX_NAMES);
  const leftMs = (name: string) => Math.max(0, (pauses.get(name)?.untilMs ?? 0) - clock.nowMs());
  return {
    begin(name) {
      if (leftMs(name) > 0) return;
      const last = pauses.get(name);
      const isAgain = last !== undefined && clock.nowMs() < last.untilMs + last.lengthMs;
      const lengthMs = isAgain ? Math.min(2 * last.lengthMs, mostMs) : firstMs;
      pauses.set(name, { lengthMs, untilMs: clock.nowMs() + lengthMs });
    },
    leftMs,
  };
}
