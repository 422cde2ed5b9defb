/** da.md section 1: the k-th validator of a sender's rendezvous order offers its transactions k times the delay after it saw them. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Entry } from "./entry.ts";
import type { SenderQueue } from "./ledger.ts";

/** When this validator may offer an entry, in clock milliseconds; Infinity: never. Ranks hang on the epoch's seed alone. */
export function createHomeDelay(homeRank: (sender: Bytes) => number, delayMs: number, epochNow: () => number) {
  const ranks = new WeakMap<SenderQueue, { rank: number; epoch: number }>();
  return (queue: SenderQueue, entry: Entry): number => {
    const epoch = epochNow();
    let known = ranks.get(queue);
    if (known?.epoch !== epoch) {
      known = { rank: homeRank(queue.address), epoch };
      ranks.set(queue, known);
    }
    if (known.rank < 0) return Number.POSITIVE_INFINITY;
    return known.rank === 0 ? 0 : entry.seenMs + known.rank * delayMs;
  };
}
