/**
 * Keys of the tables of the `state` store that hold state (encoding.md 9).
 *
 *   accounts       keccak(address)                   slim account                    newest value
 *   slots          address . keccak(slot)            value without leading zeros     newest value, never zero
 *   account-nodes  path                              RLP of a branch or extension    newest trie
 *   storage-nodes  address . path                    the same, of the account's storage
 *   code           keccak(code)                      code                            never deleted
 *   changes        (changes.ts)
 *   history        short id . u64be height           nothing: the block of that height may have changed it; `changes` says so and what was before
 *   upper-refs     (upper-refs.ts)
 *   preimages      8 bytes of keccak . the address or slot key (without leading zeros) that it is the hash of      never deleted
 *
 * id = 0 . key of accounts, or 1 . key of slots. A value at height h is what the first block above h that changed it found, else the newest.
 * The block of height h lets go of history and changes of height h - `history`, so that disk does not grow.
 */
import { concatBytes, u64be } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import { ACCOUNT_NODES, STORAGE_NODES } from "../tables.ts";

const ACCOUNT_TAG = Uint8Array.of(0);
const SLOT_TAG = Uint8Array.of(1);
const ACCOUNT_ID_BYTES = 33;
const SLOT_ID_BYTES = 53;
const ADDRESS_BYTES = 20;

/** Where nodes lie: of accounts without an owner, else of an address's storage. */
export function nodeTable(owner: Bytes): string {
  return owner.length === 0 ? ACCOUNT_NODES : STORAGE_NODES;
}

export function accountKey(address: Bytes): Bytes {
  return keccak256(address);
}

export function slotKey(address: Bytes, key: Bytes): Bytes {
  return concatBytes(address, keccak256(key));
}

export function accountId(key: Bytes): Bytes {
  return concatBytes(ACCOUNT_TAG, key);
}

export function slotId(key: Bytes): Bytes {
  return concatBytes(SLOT_TAG, key);
}

/** `owner`: the address whose slot it is, none of an account; `hash`: what stands for address or slot key. */
export function idParts(id: Bytes): { owner: Bytes | undefined; hash: Bytes } {
  const end = 1 + ADDRESS_BYTES;
  return id[0] === 0 ? { owner: undefined, hash: id.subarray(1) } : { owner: id.subarray(1, end), hash: id.subarray(end) };
}

export function heightKey(height: Height): Bytes {
  return u64be(height);
}

/** Enough of an id to find it by: of an account's 9 bytes, of a slot's 5 of its address and 8 of its hash. */
export function shortId(id: Bytes): Bytes {
  const key = 1 + ADDRESS_BYTES;
  return id[0] === 0 ? id.subarray(0, 9) : concatBytes(id.subarray(0, 5), id.subarray(key, key + 8));
}

export function historyKey(id: Bytes, height: Height): Bytes {
  return concatBytes(shortId(id), heightKey(height));
}

/** Of an id, by its first byte. */
export function idLength(tag: number): number {
  return tag === 0 ? ACCOUNT_ID_BYTES : SLOT_ID_BYTES;
}

/** As a key of a Map. */
export function keyText(key: Bytes): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
}

/** The least key above every key that starts with `prefix`; the prefix is not all 0xff. */
export function afterPrefix(prefix: Bytes): Bytes {
  let last = prefix.length - 1;
  while (prefix[last] === 0xff) last--;
  const out = prefix.slice(0, last + 1);
  out[last] = (out[last] as number) + 1;
  return out;
}
