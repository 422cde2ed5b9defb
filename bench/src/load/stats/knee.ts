/** Where a curve of committed rate and latency turns: what a chain takes before its queues grow. */
export type CurvePoint = {
  /** Transactions a second. */
  offered: number;
  committed: number;
  p50: number;
  p99: number;
};

/** Committed while it was offered: the last half second's is still on its way. */
const KEEPS_UP = 0.9;
/** Latency at the knee, in multiples of that at the lowest rate. */
const STRETCH = 5;

/**
 * The highest rate up to which each point commits at least 90 % of what it was offered, with a p99 of at most five times that of
 * the lowest rate. Undefined where even the lowest does not keep up.
 */
export function findKnee(points: readonly CurvePoint[]): CurvePoint | undefined {
  const rising = [...points].sort((a, b) => a.offered - b.offered);
  const calm = rising[0]?.p99 ?? 0;
  let knee: CurvePoint | undefined;
  for (const point of rising) {
    if (point.committed < KEEPS_UP * point.offered || point.p99 > STRETCH * calm) break;
    knee = point;
  }
  return knee;
}
