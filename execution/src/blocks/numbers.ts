/**
 * Which heights carry the blocks of the chain (encoding.md 9).
 *
 *   numbers     u64be number of a whole block   u64be height, and u32be how many quiet ones of it are the chain's, where there are any
 *   abandoned   u64be height . u64be number     u64be height       what the revert at the first height took out of `numbers`
 *
 * Every other index holds abandoned blocks too. What it finds is the chain's where `numbers` names its height.
 */
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, readU64be, u32be, u64be } from "@noema/core/bytes";
import type { BlockNumber, Bytes, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { execError } from "../errors.ts";
import { ABANDONED, NUMBERS } from "../tables.ts";

const HEIGHT_BYTES = 8;

/** `quiet`: how many follow it at its height. */
export function numberOp(number: BlockNumber, height: Height, quiet: number): KvOp {
  return { table: NUMBERS, key: u64be(number), value: quiet === 0 ? u64be(height) : concatBytes(u64be(height), u32be(quiet)) };
}

/** The consensus block that carried the block of a number; undefined: there is none. */
export function heightOfNumber(snapshot: KvSnapshot, number: BlockNumber): Height | undefined {
  if (!Number.isSafeInteger(number) || number < 0) return undefined;
  const whole = snapshot.get(NUMBERS, u64be(number));
  return whole === undefined ? runWith(snapshot, number)?.height : heightIn(whole);
}

type Run = { number: BlockNumber; height: Height; quiet: number };

/** The whole block at a number or before it whose run holds it. */
function runWith(snapshot: KvSnapshot, number: BlockNumber): Run | undefined {
  for (const [key, value] of snapshot.range(NUMBERS, u64be(0), u64be(number + 1), 1, true)) {
    const first = blockNumber(readU64be(key));
    const quiet = quietIn(value);
    return number - first > quiet ? undefined : { number: first, height: heightIn(value), quiet };
  }
  return undefined;
}

/** Whether it is a block of the chain, and no abandoned one. */
export function isCanonical(snapshot: KvSnapshot, block: { height: Height; header: { number: BlockNumber } }): boolean {
  return heightOfNumber(snapshot, block.header.number) === block.height;
}

/**
 * Of a height that takes the chain back to the block `to` from the block `from`: those between them stay under `abandoned`, a run by its whole
 * one. A revert may leave that and take quiet ones. Stores of before have a row for each of these, which goes the same way.
 */
export function abandonOps(snapshot: KvSnapshot, at: Height, from: BlockNumber, to: BlockNumber): KvOp[] {
  const ops: KvOp[] = [];
  const cut = runWith(snapshot, to);
  if (cut !== undefined && cut.number + cut.quiet > to) ops.push(numberOp(cut.number, cut.height, to - cut.number));
  let before = heightOfNumber(snapshot, to);
  for (const [number, value] of snapshot.range(NUMBERS, u64be(to + 1), u64be(from + 1), Number.MAX_SAFE_INTEGER)) {
    ops.push({ table: NUMBERS, key: number, value: null });
    const height = heightIn(value);
    if (height !== before) ops.push({ table: ABANDONED, key: concatBytes(u64be(at), number), value });
    before = height;
  }
  return ops;
}

/**
 * What became of the chain of height `after` until `upTo`, whatever has been reverted since; `head`: the newest height. `lost`: heights of its
 * blocks that were taken out, in the order of reverts, each from its newest block down. `isWon`: whether a height above `after` carried a
 * block of the chain of `upTo`, if it carried one.
 */
export function changesOfChain(
  snapshot: KvSnapshot,
  after: Height,
  upTo: Height,
  head: Height,
): { lost: Height[]; isWon(height: Height): boolean } {
  const range = snapshot.range(ABANDONED, u64be(after + 1), u64be(Math.max(after, head) + 1), Number.MAX_SAFE_INTEGER);
  const goneBy = new Map(Array.from(range, ([key, value]) => [heightIn(value), readU64be(key)]));
  const isLost = (height: Height) => (goneBy.get(height) ?? Number.POSITIVE_INFINITY) <= upTo;
  const lost = [...goneBy.keys()].filter((height) => height <= after && isLost(height));
  lost.sort((a, b) => (goneBy.get(a) as Height) - (goneBy.get(b) as Height) || b - a);
  return { lost, isWon: (height) => !isLost(height) };
}

function quietIn(value: Bytes): number {
  return value.length > HEIGHT_BYTES ? Buffer.from(value.buffer, value.byteOffset, value.length).readUInt32BE(HEIGHT_BYTES) : 0;
}

function heightIn(value: Bytes): Height {
  if (value.length < HEIGHT_BYTES) throw execError("STATE_CORRUPT", `a place of ${value.length} bytes in the index of numbers`);
  return readU64be(value);
}
