/**
 * Which heights carry the blocks of the chain (encoding.md 9).
 *
 *   numbers     u64be number                    u64be height       the chain's own: what is not in here is no block of it
 *   abandoned   u64be height . u64be number     u64be height       what the revert at the first height took out of `numbers`
 *
 * Every other index holds abandoned blocks too. What it finds is the chain's where `numbers` names its height.
 */
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, readU64be, u64be } from "@noema/core/bytes";
import type { BlockNumber, Bytes, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { execError } from "../errors.ts";
import { ABANDONED, NUMBERS } from "../tables.ts";

const HEIGHT_BYTES = 8;

export function numberOp(number: BlockNumber, height: Height): KvOp {
  return { table: NUMBERS, key: u64be(number), value: u64be(height) };
}

/** The consensus block that carried the block of a number; undefined: there is none. */
export function heightOfNumber(snapshot: KvSnapshot, number: BlockNumber): Height | undefined {
  const value = Number.isSafeInteger(number) && number >= 0 ? snapshot.get(NUMBERS, u64be(number)) : undefined;
  return value && heightIn(value);
}

/** Whether it is a block of the chain, and no abandoned one. */
export function isCanonical(snapshot: KvSnapshot, block: { height: Height; header: { number: BlockNumber } }): boolean {
  return heightOfNumber(snapshot, block.header.number) === block.height;
}

/** Of a height that takes the chain back to the block `to` from the block `from`: what is between them stays under `abandoned`. */
export function abandonOps(snapshot: KvSnapshot, at: Height, from: BlockNumber, to: BlockNumber): KvOp[] {
  const range = snapshot.range(NUMBERS, u64be(to + 1), u64be(from + 1), Number.MAX_SAFE_INTEGER);
  return [...range].flatMap(([number, height]) => [
    { table: NUMBERS, key: number, value: null },
    { table: ABANDONED, key: concatBytes(u64be(at), number), value: height },
  ]);
}

/** A block that the revert at `by` took out of the chain. */
export type Abandoned = { by: Height; number: BlockNumber; height: Height };

/** By reverts at heights `from` to `to`, both included: in the order of reverts, each from its newest block down. */
export function abandonedBetween(snapshot: KvSnapshot, from: Height, to: Height): Abandoned[] {
  const range = snapshot.range(ABANDONED, u64be(from), u64be(Math.max(from, to + 1)), Number.MAX_SAFE_INTEGER);
  const found = Array.from(range, ([key, value]) => ({
    by: readU64be(key),
    number: blockNumber(readU64be(key, HEIGHT_BYTES)),
    height: heightIn(value),
  }));
  return found.sort((a, b) => a.by - b.by || b.number - a.number);
}

function heightIn(value: Bytes): Height {
  if (value.length < HEIGHT_BYTES) throw execError("STATE_CORRUPT", `a place of ${value.length} bytes in the index of numbers`);
  return readU64be(value);
}
