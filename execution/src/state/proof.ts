/** Merkle proofs at any kept height (past-trie.ts). */
import { bytesToBigInt } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import type { AccountProof } from "../records.ts";
import { rlpEncode } from "../rlp/encode.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import { decodeSlim, EMPTY_ACCOUNT, encodeLeaf } from "./account.ts";
import { accountId, accountKey, slotId, slotKey } from "./keys.ts";
import { provePast } from "./past-trie.ts";
import { valueAt } from "./reader.ts";
import { accountTrieSource, storageTrieSource } from "./roots.ts";

export type ProofAt = { snapshot: KvSnapshot; height: Height; head: Height; headRoot: Hash; stateRoot: Hash; goOn?(): void };
/** How keys are proved: by what is known of earlier tries, or in another way. */
export type Prove = typeof provePast;

/** Throws STATE_CORRUPT when a rebuilt trie does not have the root that it had. */
export function proveAccount(at: ProofAt, address: Bytes, keys: readonly Hash[], prove: Prove = provePast): AccountProof {
  const { snapshot, height, head } = at;
  const id = accountId(accountKey(address));
  const [newest, past] = [head, height].map((h) => valueAt(snapshot, id, h, head)).map((value) => value && decodeSlim(value));
  const accounts = {
    owner: new Uint8Array(0),
    source: accountTrieSource(at),
    newest: at.headRoot,
    past: at.stateRoot,
    leafOf: (value: Bytes) => encodeLeaf(decodeSlim(value)),
  };
  const storage = {
    owner: address,
    source: storageTrieSource(at, address),
    newest: newest?.storageRoot ?? EMPTY_ROOT,
    past: past?.storageRoot ?? EMPTY_ROOT,
    leafOf: (value: Bytes) => rlpEncode(value),
  };
  const [accountProof] = prove(at, accounts, [accountKey(address)]) as [Bytes[]];
  const proofs = keys.length === 0 ? [] : prove(at, storage, keys.map(keccak256));
  return {
    account: past ?? EMPTY_ACCOUNT,
    accountProof,
    storage: keys.map((key, i) => ({
      key,
      value: bytesToBigInt(valueAt(snapshot, slotId(slotKey(address, key)), height, head) ?? new Uint8Array(0)),
      proof: proofs[i] as Bytes[],
    })),
  };
}
