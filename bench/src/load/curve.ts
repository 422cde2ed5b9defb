/** Which rates a curve is made of, from what goes at most. */
import type { RunResult } from "./result.ts";
import type { CurvePoint } from "./stats/knee.ts";

/** Close to each other where the knee may be. */
const SHARES = [0.1, 0.25, 0.5, 0.65, 0.8, 0.9, 1, 1.1];

/** Transactions a second. */
export function curveRates(most: number): number[] {
  return [...new Set(SHARES.map((share) => Math.max(1, Math.round(share * most))))];
}

/** None of a run without a rate, or of one in which nothing was included. */
export function pointOf({ rate, tps, includedMs }: RunResult): CurvePoint[] {
  return rate === undefined || includedMs === undefined
    ? []
    : [{ offered: rate, committed: tps, p50: includedMs.p50, p99: includedMs.p99 }];
}
