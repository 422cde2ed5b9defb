/** When an own batch may be cut: a certificate costs every validator some milliseconds, whatever it carries (decision 0034). */
import type { Clock } from "@noema/core/ports/clock";
import type { AvailabilityHeader } from "@noema/core/ports/data";
import { MAX_BATCH_BYTES, MAX_BATCH_TXS } from "../limits.ts";
import type { PayloadLaneOptions } from "../options.ts";

export type Pace = {
  /** Until then what comes waits; not above the time that it is: it need not. */
  heldUntilMs(): number;
  published(header: AvailabilityHeader, count: number): void;
};

/** `isAhead`: own batches are in no block yet. */
export function createPace(options: PayloadLaneOptions, clock: Clock, isAhead: () => boolean): Pace {
  const always = options.aheadMs === Number.POSITIVE_INFINITY;
  let aheadUntilMs = always ? Number.POSITIVE_INFINITY : 0;
  let gapUntilMs = 0;

  /** There was more to take, or nearly. */
  function isFull({ bytes, gasLimitSum }: AvailabilityHeader, count: number): boolean {
    return 2 * bytes > MAX_BATCH_BYTES || 2n * gasLimitSum > BigInt(options.maxBatchGas) || 2 * count > MAX_BATCH_TXS;
  }
  return {
    heldUntilMs: () => Math.max(gapUntilMs, clock.nowMs() < aheadUntilMs && isAhead() ? aheadUntilMs : 0),
    published(header, count) {
      const now = clock.nowMs();
      const full = isFull(header, count);
      if (!always) aheadUntilMs = full ? 0 : now + options.aheadMs;
      gapUntilMs = full || count < options.gapTxs ? 0 : now + options.gapMs;
    },
  };
}
