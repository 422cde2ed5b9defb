/**
 * Rows that are found by a hash and hold the hash's first bytes only: key = first 8 bytes of it || what it is of, and no value. Whoever
 * reads compares what is found with the hash, so that a collision, which takes 2^32 tries, costs a look and nothing else.
 */
import { concatBytes } from "./bytes.ts";
import type { Bytes, Hash } from "./ports/bytes.ts";
import type { KvOp, KvSnapshot } from "./ports/kv-store.ts";

const SHORT_BYTES = 8;
const NOTHING = new Uint8Array(0);
/** Above whatever may stand behind. */
const END = new Uint8Array(33).fill(0xff);

export function shortHashOp(table: string, hash: Hash, of: Bytes): KvOp {
  return { table, key: concatBytes(hash.subarray(0, SHORT_BYTES), of), value: NOTHING };
}

/** What the hash may be of. */
export function* underShortHash(snapshot: KvSnapshot, table: string, hash: Hash): Iterable<Bytes> {
  const short = hash.subarray(0, SHORT_BYTES);
  for (const [key] of snapshot.range(table, short, concatBytes(short, END), Number.MAX_SAFE_INTEGER)) yield key.subarray(SHORT_BYTES);
}
