/** What controls may say: sums of them stay exact in whatever holds them, and no header overflows. */
import type { KeptControls, NextControls } from "./controls.ts";
import type { Moment } from "./moment.ts";

/** The year 10^7 or so. */
export const MAX_CLOCK_MS = 2n ** 58n;
/** Of a block's timestamp, and between two. */
export const MAX_SECONDS = MAX_CLOCK_MS / 1000n;
/** As much as genesis admits: it is above what all ether pays, and multiplied by gas it fits an account. */
export const MAX_BASE_FEE = 2n ** 128n;
export const MAX_GAS_LIMIT = 2n ** 63n - 1n;
/** Of mining. A year and more; a number of milliseconds that timers and sums hold exactly. */
export const MAX_INTERVAL_MS = 2n ** 35n;

/** Of controls that no operation has set one by one. */
export function areInRange(next: NextControls, kept: KeptControls, { timestampMs }: Pick<Moment, "timestampMs">): boolean {
  const clockMs = BigInt(Math.floor(timestampMs)) + next.offsetMs;
  return (
    clockMs >= 0n &&
    clockMs <= MAX_CLOCK_MS &&
    (next.timestamp ?? 0n) <= MAX_SECONDS &&
    (next.timestampInterval ?? 0n) <= MAX_SECONDS &&
    (next.baseFee ?? 0n) <= MAX_BASE_FEE &&
    (next.gasLimit ?? 0n) <= MAX_GAS_LIMIT &&
    BigInt(kept.mining?.intervalMs ?? 0) <= MAX_INTERVAL_MS &&
    Number.isSafeInteger(kept.nextSnapshot) &&
    Number.isSafeInteger(kept.resets)
  );
}
