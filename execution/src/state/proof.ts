/** Merkle proofs at any kept height: the newest trie with the changes since that height taken back, in memory. */
import { bytesToBigInt, equalBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import type { AccountProof } from "../api.ts";
import { execError } from "../errors.ts";
import { rlpEncode } from "../rlp/encode.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import { createTrie } from "../trie/trie.ts";
import { decodeSlim, EMPTY_ACCOUNT, encodeLeaf } from "./account.ts";
import { accountId, accountKey, CHANGES, heightKey, slotId, slotKey, splitIds } from "./keys.ts";
import { valueAt } from "./reader.ts";
import { accountTrieSource, storageTrieSource } from "./roots.ts";

export type ProofAt = { snapshot: KvSnapshot; height: Height; head: Height; headRoot: Hash; stateRoot: Hash; goOn?(): void };

/** Throws STATE_CORRUPT when the rebuilt trie does not have `stateRoot`. */
export function proveAccount(at: ProofAt, address: Bytes, keys: readonly Hash[]): AccountProof {
  const { snapshot, height, head } = at;
  const changed = changedSince(at);
  const accounts = createTrie(at.headRoot, accountTrieSource(at));
  for (const id of changed)
    if (id[0] === 0) {
      at.goOn?.();
      const value = valueAt(snapshot, id, height, head);
      accounts.set(id.subarray(1), value === undefined ? null : encodeLeaf(decodeSlim(value)));
    }
  if (!equalBytes(accounts.commit(), at.stateRoot))
    throw execError("STATE_CORRUPT", `the state rebuilt for height ${height} does not have that block's state root`);
  const id = accountId(accountKey(address));
  const now = valueAt(snapshot, id, head, head);
  const then = valueAt(snapshot, id, height, head);
  const storage = createTrie(now ? decodeSlim(now).storageRoot : EMPTY_ROOT, storageTrieSource(at, address));
  for (const slot of changed)
    if (slot[0] === 1 && equalBytes(slot.subarray(1, 21), address)) {
      const value = valueAt(snapshot, slot, height, head);
      storage.set(slot.subarray(21), value === undefined ? null : rlpEncode(value));
    }
  storage.commit();
  return {
    account: then ? decodeSlim(then) : EMPTY_ACCOUNT,
    accountProof: accounts.prove(accountKey(address)),
    storage: keys.map((key) => ({
      key,
      value: bytesToBigInt(valueAt(snapshot, slotId(slotKey(address, key)), height, head) ?? new Uint8Array(0)),
      proof: storage.prove(keccak256(key)),
    })),
  };
}

/** Each id once. */
function changedSince({ snapshot, height, head, goOn }: ProofAt): Bytes[] {
  const ids = new Map<string, Bytes>();
  for (let h = height + 1; h <= head; h++) {
    goOn?.();
    const packed = snapshot.get(CHANGES, heightKey(h));
    if (packed !== undefined) for (const id of splitIds(packed)) ids.set(Buffer.from(id).toString("latin1"), id);
  }
  return [...ids.values()];
}
