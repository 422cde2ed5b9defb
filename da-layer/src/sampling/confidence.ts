/**
 * What samples prove. Rows with 64 cells can be rebuilt, and R rows rebuild the object (da.md 2): an object that cannot be rebuilt
 * has at most R - 1 rows with 64 cells, so N - R + 1 rows miss 65 of 128 each, and of T = 128 N cells at least M = 65 (N - R + 1) are
 * missing. k different samples, drawn at random, then all come with probability at most prod_{i<k} (T - M - i) / (T - i).
 */
import { CELLS, CELLS_NEEDED } from "./cells.ts";

/** Fewest cells that are missing of an object that cannot be rebuilt. */
export function fewestMissing(R: number, N: number): number {
  return (CELLS - CELLS_NEEDED + 1) * (N - R + 1);
}

/** The most probable that `samples` good ones are of an object that cannot be rebuilt. Confidence is one minus it. */
export function chanceOfMissing(samples: number, R: number, N: number): number {
  const total = CELLS * N;
  const present = total - fewestMissing(R, N);
  let chance = 1;
  for (let i = 0; i < samples; i++) chance *= Math.max(0, present - i) / (total - i);
  return chance;
}
