/** A rate that the grain of blocks does not distort. */

export type Commit = { at: number; own: number };

/** Less says little of a chain that makes a block a second, whose clock may be early. */
const SECOND_MS = 950;

/**
 * Transactions a second between the first block with load in it and the last one seen before `sendingEnded`: what the first holds
 * came before the interval, and the drain after the sending belongs to no steady state. Undefined where they are less than a second
 * apart.
 */
export function steadyRate(blocks: readonly Commit[], sendingEnded: number): number | undefined {
  const [first, ...rest] = blocks.filter((x) => x.own > 0);
  const counted = rest.filter((x) => x.at <= sendingEnded);
  const last = counted.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < SECOND_MS) return undefined;
  return (1000 * counted.reduce((sum, x) => sum + x.own, 0)) / (last.at - first.at);
}

/** Of a load by schedule: what was in blocks when the last was sent, over the time of sending. A chain that stalls and catches up is not faster for it. */
export function keptRate(blocks: readonly Commit[], started: number, lastSent: number): number {
  const seen = blocks.filter((x) => x.at <= lastSent).reduce((sum, x) => sum + x.own, 0);
  return lastSent === started ? 0 : (1000 * seen) / (lastSent - started);
}

/** The highest rate between two blocks that are about a second apart; undefined where none are. */
export function peakRate(blocks: readonly Commit[]): number | undefined {
  let peak: number | undefined;
  let sum = 0;
  let from = 0;
  for (const { at, own } of blocks) {
    sum += own;
    for (; at - (blocks[from + 1]?.at ?? at) >= SECOND_MS; from++) sum -= (blocks[from] as Commit).own;
    const first = blocks[from] as Commit;
    if (at - first.at >= SECOND_MS) peak = Math.max(peak ?? 0, (1000 * (sum - first.own)) / (at - first.at));
  }
  return peak;
}
