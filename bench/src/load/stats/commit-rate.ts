/** A rate that the grain of blocks does not distort. */

export type Commit = { at: number; own: number };

/**
 * Transactions a second between the first block with load in it and the last one seen before `sendingEnded`: what the first holds
 * came before the interval, and the drain after the sending belongs to no steady state. Where fewer than three blocks say so,
 * undefined.
 */
export function steadyRate(blocks: readonly Commit[], sendingEnded: number): number | undefined {
  const own = blocks.filter((x) => x.own > 0);
  const [first, ...rest] = own;
  const counted = rest.filter((x) => x.at <= sendingEnded);
  const last = counted.at(-1);
  if (first === undefined || last === undefined || counted.length < 2) return undefined;
  return (1000 * counted.reduce((sum, x) => sum + x.own, 0)) / (last.at - first.at);
}

/** The most that any stretch of a second has, in blocks whose transactions came within it. */
export function peakRate(blocks: readonly Commit[]): number {
  let most = 0;
  let sum = 0;
  let from = 0;
  for (const { at, own } of blocks) {
    sum += own;
    for (; (blocks[from] as Commit).at <= at - 1000; from++) sum -= (blocks[from] as Commit).own;
    most = Math.max(most, sum);
  }
  return most;
}
