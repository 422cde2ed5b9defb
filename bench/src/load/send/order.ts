/** In which order, and among what, a connection's transactions are sent. */
import { pick } from "../scenarios/random.ts";

export const ORDERS = ["rounds", "shuffled", "consecutive", "duplicates", "invalid"] as const;
export type Order = (typeof ORDERS)[number];

/** What makes an index that of a copy whose signature is broken: ids of JSON-RPC tell them apart. */
export const BROKEN = 2 ** 24;
/** Of the transactions, each so many-th is sent twice, or has a broken one beside it. */
const EVERY = 10;
/** Nonces that come out of order lie so far from each other at most, in transactions of the connection. */
const REACH = 200;

/**
 * `lane` is in rounds over its senders. Shuffled: in pieces of 200, so that nonces come out of order. Consecutive: some nonces of one
 * sender after another. Duplicates: each tenth comes again in what follows. Invalid: each tenth has a broken copy before it.
 */
export function inOrder(lane: readonly number[], order: Order, { senders, seed }: { senders: number; seed: number }): number[] {
  switch (order) {
    case "rounds":
      return [...lane];
    case "shuffled":
      return pieces(lane, REACH).flatMap((piece) => shuffled(piece, seed));
    case "consecutive":
      return pieces(lane, REACH * 10).flatMap((piece) => piece.toSorted((a, b) => (a % senders) - (b % senders) || a - b));
    case "duplicates":
      return lane.flatMap((i, k) => (k >= REACH && k % EVERY === 0 ? [i, lane[k - REACH] as number] : [i]));
    case "invalid":
      return lane.flatMap((i, k) => (k % EVERY === 0 ? [BROKEN + i, i] : [i]));
  }
}

function pieces<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, k) => list.slice(k * size, (k + 1) * size));
}

/** Fisher and Yates. */
function shuffled(list: readonly number[], seed: number): number[] {
  const out = [...list];
  for (let k = out.length - 1; k > 0; k--) {
    const other = pick(seed, out[k] as number, k + 1);
    [out[k], out[other]] = [out[other] as number, out[k] as number];
  }
  return out;
}
