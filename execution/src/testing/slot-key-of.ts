/** What dumps of the state will need: the key of a slot, by its hash. */
import { equalBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import { underShortHash } from "@noema/core/short-hash";
import { PREIMAGES } from "../tables.ts";

const SLOT_KEY_BYTES = 32;

export function slotKeyOf(snapshot: KvSnapshot, hash: Hash): Bytes | undefined {
  for (const found of underShortHash(snapshot, PREIMAGES, hash)) {
    const key = new Uint8Array(SLOT_KEY_BYTES);
    if (found.length <= SLOT_KEY_BYTES) key.set(found, SLOT_KEY_BYTES - found.length);
    if (equalBytes(keccak256(key), hash)) return key;
  }
  return undefined;
}
