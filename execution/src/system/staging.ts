/**
 * Kind 9: bytes that a later operation uses, whole, since one batch does not hold them. They change no state and make no block.
 *
 *   staged      00 . operation id                       u64be height . bytes
 *               01 . u64be height . operation id        nothing
 *
 * Until they are used, or so many heights old that their client has gone.
 */
import { concatBytes, readU64be, toHex, u64be } from "@noema/core/bytes";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { STAGED } from "../tables.ts";

const KEPT_HEIGHTS = 1024;
const DATA = Uint8Array.of(0);
const BY_HEIGHT = Uint8Array.of(1);
const HEIGHT_BYTES = 8;
const NOTHING = new Uint8Array(0);

/** Of one height. */
export type Staging = {
  stage(id: Hash, data: Bytes): void;
  /** undefined: there is none, any more or yet. */
  read(id: Hash): Bytes | undefined;
  /** It was used. */
  drop(id: Hash): void;
  ops(): KvOp[];
};

export function openStaging(snapshot: KvSnapshot, height: Height): Staging {
  const fresh = new Map<string, { id: Hash; data: Bytes }>();
  const used = new Map<string, Hash>();

  function* rows(): Iterable<KvOp> {
    for (const { id, data } of fresh.values()) {
      yield { table: STAGED, key: concatBytes(DATA, id), value: concatBytes(u64be(height), data) };
      yield { table: STAGED, key: concatBytes(BY_HEIGHT, u64be(height), id), value: NOTHING };
    }
    const old = snapshot.range(
      STAGED,
      BY_HEIGHT,
      concatBytes(BY_HEIGHT, u64be(Math.max(0, height - KEPT_HEIGHTS))),
      Number.MAX_SAFE_INTEGER,
    );
    for (const [key] of old) yield* removed(key.slice(1 + HEIGHT_BYTES), readU64be(key, 1));
    for (const id of used.values()) {
      const at = snapshot.get(STAGED, concatBytes(DATA, id));
      if (at !== undefined) yield* removed(id, readU64be(at));
    }
  }

  return {
    stage: (id, data) => void fresh.set(toHex(id), { id, data }),
    read: (id) =>
      used.has(toHex(id)) ? undefined : (fresh.get(toHex(id))?.data ?? snapshot.get(STAGED, concatBytes(DATA, id))?.slice(HEIGHT_BYTES)),
    drop(id) {
      fresh.delete(toHex(id));
      used.set(toHex(id), id);
    },
    ops: () => (fresh.size + used.size === 0 ? [] : [...rows()]),
  };
}

function removed(id: Hash, height: Height): KvOp[] {
  return [concatBytes(DATA, id), concatBytes(BY_HEIGHT, u64be(height), id)].map((key) => ({ table: STAGED, key, value: null }));
}
