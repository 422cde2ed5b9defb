/** Accounts as state holds them. `slim` (the flat form): empty roots and code hashes stand as the empty string. */
import { bytesToBigInt, equalBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { AccountRecord } from "../records.ts";
import { rlpDecodeFlat } from "../rlp/decode.ts";
import { rlpEncode } from "../rlp/encode.ts";
import { EMPTY_ROOT } from "../trie/node.ts";

export const EMPTY_CODE_HASH: Hash = keccak256(new Uint8Array(0));
export const EMPTY_ACCOUNT: AccountRecord = { nonce: 0n, balance: 0n, codeHash: EMPTY_CODE_HASH, storageRoot: EMPTY_ROOT };

const NOTHING = new Uint8Array(0);

export function hasCode({ codeHash }: Pick<AccountRecord, "codeHash">): boolean {
  return codeHash !== EMPTY_CODE_HASH && !equalBytes(codeHash, EMPTY_CODE_HASH);
}

export function encodeSlim(account: AccountRecord): Bytes {
  const root = equalBytes(account.storageRoot, EMPTY_ROOT) ? NOTHING : account.storageRoot;
  const code = equalBytes(account.codeHash, EMPTY_CODE_HASH) ? NOTHING : account.codeHash;
  return rlpEncode([account.nonce, account.balance, root, code]);
}

export function decodeSlim(bytes: Bytes): AccountRecord {
  const [nonce, balance, root, code] = rlpDecodeFlat(bytes, 4) as [Bytes, Bytes, Bytes, Bytes];
  return {
    nonce: bytesToBigInt(nonce),
    balance: bytesToBigInt(balance),
    storageRoot: root.length === 0 ? EMPTY_ROOT : root,
    codeHash: code.length === 0 ? EMPTY_CODE_HASH : code,
  };
}

/** The value of the account's leaf in the state trie. */
export function encodeLeaf(account: AccountRecord): Bytes {
  return rlpEncode([account.nonce, account.balance, account.storageRoot, account.codeHash]);
}
