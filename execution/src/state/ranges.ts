/** Accounts, or slots of one account, as they were after a height, in the order of the hashes that stand for them. */
import { compareBytes, concatBytes } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { ACCOUNTS, SLOTS } from "../tables.ts";
import { changedAbove, type Since } from "./changes.ts";
import { afterPrefix, idParts } from "./keys.ts";

const NO_OWNER = new Uint8Array(0);
/** Below every hash, and above every one. */
export const FIRST: Hash = new Uint8Array(32);
const END = new Uint8Array(33).fill(0xff);

/** `value`: as the tables hold it (keys.ts). */
export type Entry = { hash: Hash; value: Bytes };

/** Those of `from` and above. What blocks above the height changed is read whole first. */
export function accountsFrom(at: Since, from: Hash): Iterable<Entry> {
  return entriesFrom(at, NO_OWNER, from);
}

export function slotsFrom(at: Since, address: Bytes, from: Hash): Iterable<Entry> {
  return entriesFrom(at, address, from);
}

function* entriesFrom(at: Since, owner: Bytes, from: Hash): Iterable<Entry> {
  const earlier = earlierValues(at, owner, from);
  let next = 0;
  for (const entry of newestFrom(at, owner, from)) {
    for (; next < earlier.length && compareBytes((earlier[next] as Earlier).hash, entry.hash) < 0; next++)
      yield* present(earlier[next] as Earlier);
    const other = earlier[next];
    if (other !== undefined && compareBytes(other.hash, entry.hash) === 0) {
      next++;
      yield* present(other);
    } else yield entry;
  }
  for (; next < earlier.length; next++) yield* present(earlier[next] as Earlier);
}

/** Of an entry that has changed since; undefined: it was not there. */
type Earlier = { hash: Hash; value: Bytes | undefined };

function earlierValues(at: Since, owner: Bytes, from: Hash): Earlier[] {
  if (at.height >= at.head) return [];
  const found: Earlier[] = [];
  for (const { id, before } of changedAbove(at)) {
    const parts = idParts(id);
    if (compareBytes(parts.owner ?? NO_OWNER, owner) === 0 && compareBytes(parts.hash, from) >= 0)
      found.push({ hash: parts.hash, value: before });
  }
  return found.sort((a, b) => compareBytes(a.hash, b.hash));
}

function* newestFrom({ snapshot }: Since, owner: Bytes, from: Hash): Iterable<Entry> {
  const [table, end] = owner.length === 0 ? [ACCOUNTS, END] : [SLOTS, afterPrefix(owner)];
  for (const [key, value] of snapshot.range(table, concatBytes(owner, from), end, Number.MAX_SAFE_INTEGER))
    yield { hash: key.subarray(owner.length), value };
}

function* present({ hash, value }: Earlier): Iterable<Entry> {
  if (value !== undefined) yield { hash, value };
}
