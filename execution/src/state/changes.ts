/**
 * What blocks changed, and what stood there before.
 *
 *   changes        u64be height . id of the first    (id, u8 length, value before the block of that height), ... in the order of ids
 *   history        (keys.ts)
 *
 * Length 0: there was none. A row is as long as ROW_BYTES says.
 */
import { concatBytes, equalBytes, readU64be } from "@noema/core/bytes";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { execError } from "../errors.ts";
import { ROW_BYTES } from "../row-bytes.ts";
import { CHANGES, HISTORY } from "../tables.ts";
import { heightKey, historyKey, idLength, keyText, shortId } from "./keys.ts";

/** An account or a slot; `before` undefined: there was none. */
export type Change = { id: Bytes; before: Bytes | undefined };
export type Since = { snapshot: KvSnapshot; height: Height; head: Height; goOn?(): void };

const NOTHING = new Uint8Array(0);
const HEIGHT_BYTES = 8;
/** Above every height, and every id. */
const END = new Uint8Array(9).fill(0xff);

/** What keeps them. Each id once. */
export function changeOps(height: Height, changes: readonly Change[]): KvOp[] {
  const sorted = changes.map((change) => ({ ...change, text: keyText(change.id) })).sort((a, b) => (a.text < b.text ? -1 : 1));
  const ops: KvOp[] = sorted.map(({ id }) => ({ table: HISTORY, key: historyKey(id, height), value: NOTHING }));
  let row: Bytes[] = [];
  let bytes = 0;
  const end = () => {
    const first = row[0];
    if (first !== undefined) ops.push({ table: CHANGES, key: concatBytes(heightKey(height), first), value: concatBytes(...row) });
    row = [];
    bytes = 0;
  };
  for (const { id, before = NOTHING } of sorted) {
    const size = id.length + 1 + before.length;
    if (bytes + size > ROW_BYTES) end();
    row.push(id, Uint8Array.of(before.length), before);
    bytes += size;
  }
  end();
  return ops;
}

/** What lets go of those of a height. */
export function forgetOps(snapshot: KvSnapshot, height: Height): KvOp[] {
  const ops: KvOp[] = [];
  for (const [key, row] of rows(snapshot, height, height)) {
    ops.push({ table: CHANGES, key, value: null });
    for (const { id } of entries(row)) ops.push({ table: HISTORY, key: historyKey(id, height), value: null });
  }
  return ops;
}

/** Of the block of a height, in the order of ids; of those that are kept. */
export function* changesOf(snapshot: KvSnapshot, height: Height): Iterable<Change> {
  for (const [, row] of rows(snapshot, height, height)) yield* entries(row);
}

/** What the first block above the height that changed it found; undefined: none did. */
export function changeAbove(snapshot: KvSnapshot, id: Bytes, height: Height): Change | undefined {
  for (const [key] of snapshot.range(HISTORY, historyKey(id, height + 1), concatBytes(shortId(id), END), Number.MAX_SAFE_INTEGER)) {
    const found = changeAt(snapshot, id, readU64be(key, key.length - HEIGHT_BYTES));
    if (found !== undefined) return found;
  }
  return undefined;
}

function changeAt(snapshot: KvSnapshot, id: Bytes, height: Height): Change | undefined {
  const at = heightKey(height);
  for (const [, row] of snapshot.range(CHANGES, at, concatBytes(at, id, Uint8Array.of(0)), 1, true))
    for (const change of entries(row)) if (equalBytes(change.id, id)) return change;
  return undefined;
}

/** The part of a trie in which the key at `from` lies: its first nibbles, three at most. */
export function partOf(bytes: Bytes, levels: number, from = 0): number {
  return (((bytes[from] as number) << 4) | ((bytes[from + 1] as number) >> 4)) >> (4 * (3 - levels));
}

/**
 * What blocks above the height changed, each once, as the first of them found it, by its part. `key`: the hash that stands for it in its trie.
 * `owner`: nothing for accounts, else the address whose slots are meant. `parts`: all but these are left out.
 */
export function changesSince(
  { snapshot, height, head, goOn }: Since,
  owner: Bytes,
  levels: number,
  parts?: { has(part: number): boolean },
): Map<number, (Change & { key: Bytes })[]> {
  const [tag, from] = owner.length === 0 ? [0, 1] : [1, 1 + owner.length];
  const found = new Map<string, Change & { key: Bytes }>();
  for (const [, row] of rows(snapshot, height + 1, head)) {
    goOn?.();
    for (const { start, end, next } of spans(row)) {
      if (row[start] !== tag || parts?.has(partOf(row, levels, start + from)) === false) continue;
      if (!equalBytes(row.subarray(start + 1, start + from), owner)) continue;
      const key = row.subarray(start + from, end);
      const text = keyText(key);
      if (!found.has(text)) found.set(text, { ...changeIn(row, { start, end, next }), key });
    }
  }
  return Map.groupBy(found.values(), ({ key }) => partOf(key, levels));
}

/** What blocks above the height changed, each id once, as the first of them found it. */
export function* changedAbove({ snapshot, height, head, goOn }: Since): Iterable<Change> {
  const seen = new Set<string>();
  for (const [, row] of rows(snapshot, height + 1, head)) {
    goOn?.();
    for (const change of entries(row)) {
      const text = keyText(change.id);
      if (seen.has(text)) continue;
      seen.add(text);
      yield change;
    }
  }
}

function rows(snapshot: KvSnapshot, from: Height, to: Height): Iterable<[Bytes, Bytes]> {
  return snapshot.range(CHANGES, heightKey(from), heightKey(Math.max(from, to + 1)), Number.MAX_SAFE_INTEGER);
}

/** Where the id of an entry begins and ends, and the next entry begins. */
type Span = { start: number; end: number; next: number };

/** Throws STATE_CORRUPT. */
function* spans(row: Bytes): Iterable<Span> {
  for (let start = 0; start < row.length; ) {
    const end = start + idLength(row[start] as number);
    const next = end + 1 + (row[end] ?? row.length);
    if (next > row.length) throw execError("STATE_CORRUPT", `an entry of a row of changes ends at ${next} of ${row.length} bytes`);
    yield { start, end, next };
    start = next;
  }
}

function* entries(row: Bytes): Iterable<Change> {
  for (const span of spans(row)) yield changeIn(row, span);
}

function changeIn(row: Bytes, { start, end, next }: Span): Change {
  return { id: row.subarray(start, end), before: next === end + 1 ? undefined : row.subarray(end + 1, next) };
}
