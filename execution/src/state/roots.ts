/** The newest tries over the store, held in memory between blocks up to a bound. */
import { concatBytes, toHex } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { execError } from "../errors.ts";
import { rlpEncode } from "../rlp/encode.ts";
import { ACCOUNT_NODES, ACCOUNTS, SLOTS, STORAGE_NODES } from "../tables.ts";
import { fromNibbles, packPath } from "../trie/nibbles.ts";
import type { NodeSink, TrieSource } from "../trie/trie.ts";
import { createTrie, type Trie } from "../trie/trie.ts";
import { decodeSlim, encodeLeaf } from "./account.ts";
import { afterPrefix, nodeTable } from "./keys.ts";

const NOTHING = new Uint8Array(0);
const MAX_KEY = new Uint8Array(33).fill(0xff);

/** First entry of a table below `owner` whose hashed key starts with these nibbles. */
function firstBelow(snapshot: KvSnapshot, table: string, owner: Bytes, path: Bytes): [Bytes, Bytes] | undefined {
  const even = path.length & 1 ? Uint8Array.of(...path, 0) : path;
  const from = concatBytes(owner, fromNibbles(even));
  // Every key under an odd path lies in [xy..z0, xy..zf]; the key that is found is checked by its hash.
  const to = owner.length === 0 ? MAX_KEY : afterPrefix(owner);
  for (const entry of snapshot.range(table, from.length === 0 ? Uint8Array.of(0) : from, to, 1)) return entry;
  return undefined;
}

export function accountTrieSource(at: { snapshot: KvSnapshot }): TrieSource {
  return {
    node: (path) => at.snapshot.get(ACCOUNT_NODES, packPath(path)),
    leaf(path) {
      const found = firstBelow(at.snapshot, ACCOUNTS, NOTHING, path);
      return found && { key: found[0], value: encodeLeaf(decodeSlim(found[1])) };
    },
  };
}

export function storageTrieSource(at: { snapshot: KvSnapshot }, address: Bytes): TrieSource {
  return {
    node: (path) => at.snapshot.get(STORAGE_NODES, concatBytes(address, packPath(path))),
    leaf(path) {
      const found = firstBelow(at.snapshot, SLOTS, address, path);
      return found && { key: found[0].subarray(address.length), value: rlpEncode(found[1]) };
    },
  };
}

export type Roots = {
  account(): Trie;
  storage(address: Bytes, root: Hash): Trie;
  /** The account's storage is gone. */
  forget(address: Bytes): void;
  /** Reads go to this snapshot until the next call. */
  use(snapshot: KvSnapshot): void;
  /** After the block is durable (`root`), or was given up: everything is read again from the store. */
  settle(root: Hash, kept: boolean): void;
};

/** `limit`: nodes held in memory; above it they are read again. */
export function createRoots(root: Hash, limit = 300_000): Roots {
  const at: { snapshot: KvSnapshot } = { snapshot: closed };
  const source = accountTrieSource(at);
  let accountTrie = createTrie(root, source);
  let storageTries = new Map<string, Trie>();
  return {
    account: () => accountTrie,
    storage(address, storageRoot) {
      const key = toHex(address);
      const known = storageTries.get(key) ?? createTrie(storageRoot, storageTrieSource(at, address));
      storageTries.set(key, known);
      return known;
    },
    forget: (address) => void storageTries.delete(toHex(address)),
    use(snapshot) {
      at.snapshot = snapshot;
    },
    settle(newRoot, kept) {
      at.snapshot = closed;
      let size = accountTrie.size();
      for (const trie of storageTries.values()) size += trie.size() + 4;
      if (kept && size <= limit) return;
      accountTrie = createTrie(newRoot, source);
      storageTries = new Map();
    },
  };
}

/** `owner`: nothing for accounts, else the address whose storage it is. */
export function nodeSink(ops: KvOp[], owner: Bytes): NodeSink {
  const table = nodeTable(owner);
  return (path, value) => void ops.push({ table, key: concatBytes(owner, packPath(path)), value });
}

function noSnapshot(): never {
  throw execError("STATE_CORRUPT", "the trie was read outside a block");
}
const closed: KvSnapshot = { get: noSnapshot, range: noSnapshot, close: () => undefined };
