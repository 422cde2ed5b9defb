/**
 * Tables of the `state` environment that hold state (encoding.md 9).
 *
 *   accounts       keccak(address)                   slim account                    newest value
 *   slots          address . keccak(slot)            value without leading zeros     newest value, never zero
 *   account-nodes  path                              RLP of a branch or extension    newest trie
 *   storage-nodes  address . path                    the same, of the account's storage
 *   code           keccak(code)                      code                            never deleted
 *   history        id . u64be height                 value before the block of that height; one zero byte: absent
 *   changes        u64be height                      the ids that the block of that height changed
 *   upper-refs     (upper-refs.ts)
 *   preimages      keccak                            the address or slot key that it is the hash of; never deleted
 *
 * id = 0 . key of accounts, or 1 . key of slots. A value at height h is the first entry of history above h, else the newest.
 * The block of height h lets go of history and changes of height h - `history`, so that disk does not grow.
 */
import { concatBytes, u64be } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Height } from "@noema/core/ports/bytes";

export const ACCOUNTS = "accounts";
export const SLOTS = "slots";
export const ACCOUNT_NODES = "account-nodes";
export const STORAGE_NODES = "storage-nodes";
export const CODE = "code";
export const HISTORY = "history";
export const CHANGES = "changes";
export const PREIMAGES = "preimages";

const ACCOUNT_TAG = Uint8Array.of(0);
const SLOT_TAG = Uint8Array.of(1);
const ACCOUNT_ID_BYTES = 33;
const SLOT_ID_BYTES = 53;

/** Where nodes lie: of accounts without an owner, else of an address's storage. */
export function nodeTable(owner: Bytes): string {
  return owner.length === 0 ? ACCOUNT_NODES : STORAGE_NODES;
}

export const ABSENT = Uint8Array.of(0);

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

export function heightKey(height: Height): Bytes {
  return u64be(height);
}

export function historyKey(id: Bytes, height: Height): Bytes {
  return concatBytes(id, heightKey(height));
}

/** Of an id, by its first byte. */
export function idLength(tag: number): number {
  return tag === 0 ? ACCOUNT_ID_BYTES : SLOT_ID_BYTES;
}

/** The ids of one `changes` entry. */
export function splitIds(packed: Bytes): Bytes[] {
  const ids: Bytes[] = [];
  for (let at = 0; at < packed.length; ) {
    const end = at + idLength(packed[at] as number);
    ids.push(packed.subarray(at, end));
    at = end;
  }
  return ids;
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
