/**
 * Leader schedule of an epoch: smooth weighted round-robin over L = max(64, 4n) slots, in an order shuffled by the epoch's seed.
 * A leader sampled by hash for each view can draw many bad leaders in a row; round-robin bounds such a run, and the shuffle
 * comes first so that it does not break that bound.
 */
import { concatBytes, u64le } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Hash } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";

/** leader(view) = schedule[view mod L]. */
export function leaderSchedule(set: ValidatorSet, seed: Hash): number[] {
  const length = Math.max(64, 4 * set.members.length);
  const order = shuffled(set.members.length, seed);
  const slots = quantised(set, order, length);
  const credit = new Map(order.map((i) => [i, 0]));
  return Array.from({ length }, () => {
    let best = order[0] as number;
    for (const i of order) {
      credit.set(i, (credit.get(i) as number) + (slots.get(i) as number));
      if ((credit.get(i) as number) > (credit.get(best) as number)) best = i;
    }
    credit.set(best, (credit.get(best) as number) - length);
    return best;
  });
}

/** Fisher-Yates; step c swaps by the first 8 bytes of sha256(seed || c). */
function shuffled(n: number, seed: Hash): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1, counter = 0; i > 0; i--, counter++) {
    const digest = sha256(concatBytes(seed, u64le(counter)));
    const value = new DataView(digest.buffer, digest.byteOffset).getBigUint64(0, true);
    const j = Number(value % BigInt(i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** Slots in proportion to weight, by largest remainder; ties in the shuffled order. */
function quantised(set: ValidatorSet, order: readonly number[], length: number): Map<number, number> {
  const shares = order.map((i) => {
    const scaled = (set.members[i]?.weight ?? 0n) * BigInt(length);
    return { i, slots: Number(scaled / set.total), rest: scaled % set.total };
  });
  const left = length - shares.reduce((sum, x) => sum + x.slots, 0);
  const byRest = [...shares].sort((a, b) => (a.rest === b.rest ? 0 : a.rest > b.rest ? -1 : 1));
  for (const share of byRest.slice(0, left)) share.slots++;
  return new Map(shares.map((x) => [x.i, x.slots]));
}
