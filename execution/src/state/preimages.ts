/** Which address or slot key a hash of the state is of. A slot key stands without its leading zeros: most are small numbers. */
import { equalBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { shortHashOp, underShortHash } from "@noema/core/short-hash";
import { execError } from "../errors.ts";
import { PREIMAGES } from "../tables.ts";

const ADDRESS_BYTES = 20;
const SLOT_KEY_BYTES = 32;

/** `preimage`: an address, or a slot key. */
export function preimageOp(hash: Hash, preimage: Bytes): KvOp {
  const from = preimage.length === ADDRESS_BYTES ? 0 : preimage.findIndex((byte) => byte !== 0);
  return shortHashOp(PREIMAGES, hash, preimage.subarray(from < 0 ? preimage.length : from));
}

export function addressOf(snapshot: KvSnapshot, hash: Hash): Bytes | undefined {
  for (const found of underShortHash(snapshot, PREIMAGES, hash))
    if (found.length === ADDRESS_BYTES && equalBytes(keccak256(found), hash)) return found;
  return undefined;
}

export function slotKeyOf(snapshot: KvSnapshot, hash: Hash): Bytes | undefined {
  for (const found of underShortHash(snapshot, PREIMAGES, hash)) {
    const key = new Uint8Array(SLOT_KEY_BYTES);
    if (found.length <= SLOT_KEY_BYTES) key.set(found, SLOT_KEY_BYTES - found.length);
    if (equalBytes(keccak256(key), hash)) return key;
  }
  return undefined;
}

/** Throws STATE_CORRUPT where nothing says it. */
export function requireAddress(snapshot: KvSnapshot, hash: Hash): Bytes {
  return addressOf(snapshot, hash) ?? unknown(hash);
}

/** Throws STATE_CORRUPT where nothing says it. */
export function requireSlotKey(snapshot: KvSnapshot, hash: Hash): Hash {
  return slotKeyOf(snapshot, hash) ?? unknown(hash);
}

function unknown(hash: Hash): never {
  throw execError("STATE_CORRUPT", `nothing says whose hash ${Buffer.from(hash).toString("hex")} is`);
}
