/**
 * Kind 9: bytes that a later operation uses, whole, since one batch does not hold them. They change no state and make no block.
 *
 *   staged      00 . operation id                       u64be height . bytes
 *               01 . u64be height . operation id        nothing
 *               02                                      u64be bytes of all
 *
 * Until they are used, or so many heights old that their client has gone.
 */
import { concatBytes, readU64be, toHex, u64be } from "@noema/core/bytes";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { STAGED } from "../tables.ts";

const KEPT_HEIGHTS = 1024;
/** Two of the largest loads (load.ts). */
const MAX_BYTES = 2 ** 27;
const DATA = Uint8Array.of(0);
const BY_HEIGHT = Uint8Array.of(1);
const TOTAL = Uint8Array.of(2);
const HEIGHT_BYTES = 8;
const NOTHING = new Uint8Array(0);

/** Of one height. */
export type Staging = {
  /** false: with it there were too many bytes. */
  stage(id: Hash, data: Bytes): boolean;
  /** undefined: there is none, any more or yet. */
  read(id: Hash): Bytes | undefined;
  /** It was used. */
  drop(id: Hash): void;
  ops(): KvOp[];
};

export function openStaging(snapshot: KvSnapshot, height: Height): Staging {
  const fresh = new Map<string, { id: Hash; data: Bytes }>();
  const gone = new Map<string, KvOp[]>();
  let total: number | undefined;

  const stored = (id: Hash) => snapshot.get(STAGED, concatBytes(DATA, id));

  function remove(id: Hash): void {
    const row = stored(id);
    if (row === undefined || gone.has(toHex(id))) return;
    const keys = [concatBytes(DATA, id), concatBytes(BY_HEIGHT, row.slice(0, HEIGHT_BYTES), id)];
    gone.set(
      toHex(id),
      keys.map((key) => ({ table: STAGED, key, value: null })),
    );
    total = bytesOfAll() - (row.length - HEIGHT_BYTES);
  }

  /** What nobody used in time goes first. A store that has no total counts from here: every validator's has none. */
  function bytesOfAll(): number {
    if (total !== undefined) return total;
    const row = snapshot.get(STAGED, TOTAL);
    total = row === undefined ? 0 : readU64be(row);
    const end = concatBytes(BY_HEIGHT, u64be(Math.max(0, height - KEPT_HEIGHTS)));
    for (const [key] of snapshot.range(STAGED, BY_HEIGHT, end, Number.MAX_SAFE_INTEGER)) remove(key.slice(1 + HEIGHT_BYTES));
    return total;
  }

  function drop(id: Hash): void {
    const own = fresh.get(toHex(id));
    if (own !== undefined) total = bytesOfAll() - own.data.length;
    fresh.delete(toHex(id));
    remove(id);
  }

  function* rows(): Iterable<KvOp> {
    for (const ops of gone.values()) yield* ops;
    for (const { id, data } of fresh.values()) {
      yield { table: STAGED, key: concatBytes(DATA, id), value: concatBytes(u64be(height), data) };
      yield { table: STAGED, key: concatBytes(BY_HEIGHT, u64be(height), id), value: NOTHING };
    }
    yield { table: STAGED, key: TOTAL, value: u64be(Math.max(0, bytesOfAll())) };
  }

  return {
    stage(id, data) {
      drop(id);
      if (bytesOfAll() + data.length > MAX_BYTES) return false;
      total = bytesOfAll() + data.length;
      fresh.set(toHex(id), { id, data });
      return true;
    },
    read: (id) => fresh.get(toHex(id))?.data ?? (gone.has(toHex(id)) ? undefined : stored(id)?.slice(HEIGHT_BYTES)),
    drop,
    ops: () => (fresh.size + gone.size === 0 ? [] : [...rows()]),
  };
}
