/** What blocks changed since a height, and what stood there before. */
import { equalBytes } from "@noema/core/bytes";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import { ABSENT, CHANGES, HISTORY, heightKey, historyKey, idLength, keyText } from "./keys.ts";

/** An account or a slot. `key`: the hash that stands for it in its trie. `at`: the first block above the height that changed it. */
export type Change = { id: Bytes; key: Bytes; at: Height };
export type Since = { snapshot: KvSnapshot; height: Height; head: Height; goOn?(): void };

const NOTHING = new Uint8Array(0);

/** The part of a trie in which the key at `from` lies: its first nibbles, three at most. */
export function partOf(bytes: Bytes, levels: number, from = 0): number {
  return (((bytes[from] as number) << 4) | ((bytes[from + 1] as number) >> 4)) >> (4 * (3 - levels));
}

/** Each once, by its part. `owner`: nothing for accounts, else the address whose slots are meant. `parts`: all but these are left out. */
export function changesSince(
  { snapshot, height, head, goOn }: Since,
  owner: Bytes,
  levels: number,
  parts?: { has(part: number): boolean },
): Map<number, Change[]> {
  const [tag, before] = owner.length === 0 ? [0, 1] : [1, 1 + owner.length];
  const found = new Map<string, Change>();
  for (let h = height + 1; h <= head; h++) {
    goOn?.();
    const packed = snapshot.get(CHANGES, heightKey(h)) ?? NOTHING;
    for (let start = 0, end = 0; start < packed.length; start = end) {
      end = start + idLength(packed[start] as number);
      if (packed[start] !== tag || parts?.has(partOf(packed, levels, start + before)) === false) continue;
      const id = packed.subarray(start, end);
      if (!equalBytes(id.subarray(1, before), owner)) continue;
      const key = id.subarray(before);
      const text = keyText(key);
      if (!found.has(text)) found.set(text, { id, key, at: h });
    }
  }
  return Map.groupBy(found.values(), ({ key }) => partOf(key, levels));
}

/** The value that stood there before; undefined: none. */
export function valueBefore(snapshot: KvSnapshot, { id, at }: Change): Bytes | undefined {
  const value = snapshot.get(HISTORY, historyKey(id, at));
  return value === undefined || equalBytes(value, ABSENT) ? undefined : value;
}
