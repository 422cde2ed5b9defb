/** Stake-weighted quorums and bitmaps: always by weight, in bigint, never by count. */
import type { Bytes } from "./ports/bytes.ts";
import type { ValidatorSet } from "./ports/signing.ts";

export const MAX_VALIDATORS = 200;

/** More than two thirds: 3 w(S) > 2 W. */
export function isQuorum(weight: bigint, total: bigint): boolean {
  return 3n * weight > 2n * total;
}

/** Fewest validators, heaviest first, that make a quorum: a count for people, since quorums are by weight. */
export function smallestQuorum({ members, total }: Pick<ValidatorSet, "members" | "total">): number {
  const weights = members.map((member) => member.weight).sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  let [weight, count] = [0n, 0];
  for (; !isQuorum(weight, total) && count < weights.length; count++) weight += weights[count] as bigint;
  return count;
}

/** More than one third: at least one honest validator is among them. */
export function isMoreThanThird(weight: bigint, total: bigint): boolean {
  return 3n * weight > total;
}

export function bitmapOf(indexes: Iterable<number>, members: number): Bytes {
  const bitmap = new Uint8Array(Math.ceil(members / 8));
  for (const i of indexes) {
    if (i < 0 || i >= members) throw new RangeError(`index ${i} of ${members} validators`);
    bitmap[i >> 3] = (bitmap[i >> 3] as number) | (1 << (i & 7));
  }
  return bitmap;
}

/** Ascending indexes; undefined when the length or a trailing bit is wrong. */
export function bitmapIndexes(bitmap: Bytes, members: number): number[] | undefined {
  if (bitmap.length !== Math.ceil(members / 8)) return undefined;
  const out: number[] = [];
  for (let i = 0; i < bitmap.length * 8; i++) {
    if (((bitmap[i >> 3] as number) >> (i & 7)) & 1) {
      if (i >= members) return undefined;
      out.push(i);
    }
  }
  return out;
}

export function weightOf(set: ValidatorSet, indexes: Iterable<number>): bigint {
  let weight = 0n;
  for (const i of indexes) weight += set.members[i]?.weight ?? 0n;
  return weight;
}
