/** da.md section 1: the k-th validator of a sender's rendezvous order offers its transactions k times the delay after it saw them. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Entry } from "./entry.ts";
import type { SenderQueue } from "./ledger.ts";

/** Ranks change with the epoch's seed: one is asked for again after this many heights. A stale one only costs a delay or a double. */
const RANK_HEIGHTS = 64;

/** When this validator may offer an entry, in clock milliseconds; Infinity: never. */
export function createHomeDelay(homeRank: (sender: Bytes) => number, delayMs: number, height: () => number) {
  const ranks = new WeakMap<SenderQueue, { rank: number; until: number }>();
  return (queue: SenderQueue, entry: Entry): number => {
    let known = ranks.get(queue);
    if (known === undefined || known.until <= height()) {
      known = { rank: homeRank(queue.address), until: height() + RANK_HEIGHTS };
      ranks.set(queue, known);
    }
    if (known.rank < 0) return Number.POSITIVE_INFINITY;
    return known.rank === 0 ? 0 : entry.seenMs + known.rank * delayMs;
  };
}
