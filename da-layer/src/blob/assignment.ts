/**
 * Who holds what: validator v has r_v = ceil(3R s_v / W) slots, at most R; contiguous ranges in the order of H(tag || epochSeed ||
 * publisher || nonce || v). Any set with more than W/3 then holds at least R different rows: sum ceil(3R s_v / W) >= R, and a
 * capped member alone has R. Must not depend on rowsRoot or the commitments, which the publisher chooses last.
 */
import { compareBytes, u64le, utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { slotCount } from "./shares.ts";

const TAG = utf8("noema/slots/1");

export type SlotRange = { validator: number; from: number; to: number };
export type Assignment = { N: number /** By validator index. */; ranges: readonly SlotRange[] };

export function assignSlots(set: ValidatorSet, R: number, seed: Hash, publisher: Bytes, nonce: number): Assignment {
  const order = set.members.map((_, v) => ({ v, hash: sha256(TAG, seed, publisher, u64le(nonce), u64le(v)) }));
  order.sort((a, b) => compareBytes(a.hash, b.hash) || a.v - b.v);
  const ranges = new Array<SlotRange>(set.members.length);
  let next = 0;
  for (const { v } of order) {
    const to = next + slotCount(set.members[v]!.weight, set.total, R);
    ranges[v] = { validator: v, from: next, to };
    next = to;
  }
  return { N: next, ranges };
}
