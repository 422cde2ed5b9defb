/** Whether the flat values are those of the tries: roots made of them alone, without a stored node. Holds the accounts' trie in memory, and one storage's. */
import { equalBytes, to0x, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import { rlpEncode } from "../rlp/encode.ts";
import { ACCOUNTS, CODE, SLOTS } from "../tables.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import { createTrie, type Trie } from "../trie/trie.ts";
import { decodeSlim, encodeLeaf, hasCode } from "./account.ts";
import { accountKey } from "./keys.ts";

const ADDRESS_BYTES = 20;
const [FIRST, END] = [new Uint8Array(1), new Uint8Array(64).fill(0xff)];
const all = (snapshot: KvSnapshot, table: string) => snapshot.range(table, FIRST, END, Number.MAX_SAFE_INTEGER);

/** What is wrong, in words. Throws STATE_CORRUPT, RLP_INVALID where a value does not decode. */
export function* flatFaults(snapshot: KvSnapshot, stateRoot: Hash): Iterable<string> {
  for (const [hash, code] of all(snapshot, CODE)) if (!equalBytes(keccak256(code), hash)) yield `code ${to0x(hash)} has another hash`;
  const storages = storageRoots(snapshot);
  const trie = createTrie();
  for (const [key, value] of all(snapshot, ACCOUNTS)) {
    const account = decodeSlim(value);
    const found = storages.get(toHex(key)) ?? EMPTY_ROOT;
    storages.delete(toHex(key));
    if (!equalBytes(found, account.storageRoot))
      yield `slots of the account ${to0x(key)} have root ${to0x(found)}, it says ${to0x(account.storageRoot)}`;
    if (hasCode(account) && snapshot.get(CODE, account.codeHash) === undefined) yield `the code of the account ${to0x(key)} is missing`;
    trie.set(Uint8Array.from(key), encodeLeaf(account));
  }
  for (const key of storages.keys()) yield `slots of 0x${key}, which is no account`;
  const root = trie.commit();
  if (!equalBytes(root, stateRoot)) yield `accounts have root ${to0x(root)}, the newest block says ${to0x(stateRoot)}`;
}

/** By the key of the account. */
function storageRoots(snapshot: KvSnapshot): Map<string, Hash> {
  const roots = new Map<string, Hash>();
  let at: { address: Bytes; trie: Trie } | undefined;
  const end = () => at && roots.set(toHex(accountKey(at.address)), at.trie.commit());
  for (const [key, value] of all(snapshot, SLOTS)) {
    const address = key.subarray(0, ADDRESS_BYTES);
    if (at === undefined || !equalBytes(at.address, address)) {
      end();
      at = { address: Uint8Array.from(address), trie: createTrie() };
    }
    at.trie.set(Uint8Array.from(key.subarray(ADDRESS_BYTES)), rlpEncode(Uint8Array.from(value)));
  }
  end();
  return roots;
}
