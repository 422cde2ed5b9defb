import { createMerkleProof, createMPT, type MerklePatriciaTrie, verifyMerkleProof } from "@ethereumjs/mpt";
import { bytesToHex } from "@ethereumjs/util";
import { fromHex, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { describe, expect, it } from "vitest";
import { fromNibbles, packPath } from "./nibbles.ts";
import { EMPTY_ROOT } from "./node.ts";
import { orderedRoot } from "./ordered.ts";
import { createTrie, type TrieSource } from "./trie.ts";

/** mulberry32 */
function generator(seed: number): () => number {
  let s = seed;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A store of nodes by path and of flat leaves, as state/ keeps them. */
function memory() {
  const nodes = new Map<string, Bytes>();
  const flat = new Map<string, Bytes>();
  const source: TrieSource = {
    node: (path) => nodes.get(toHex(packPath(path))),
    leaf(path) {
      const prefix = [...path].map((n) => n.toString(16)).join("");
      const key = [...flat.keys()].sort().find((k) => k.startsWith(prefix));
      return key === undefined ? undefined : { key: fromHex(key), value: flat.get(key) as Bytes };
    },
  };
  return {
    nodes,
    flat,
    source,
    sink(path: Bytes, encoded: Bytes | null) {
      if (encoded === null) nodes.delete(toHex(packPath(path)));
      else nodes.set(toHex(packPath(path)), encoded);
    },
  };
}

describe.each([1, 2, 3, 4])("trie, seed %i", (seed) => {
  it("has the roots and the proofs of @ethereumjs/mpt through many rounds, reloaded from storage or not", async () => {
    const random = generator(seed);
    const int = (n: number) => Math.floor(random() * n);
    // Keys that share long prefixes and values that make inline nodes, beside ordinary hashes.
    const key = () => (seed % 2 ? Uint8Array.of(int(3), int(4), int(256)) : keccak256(Uint8Array.of(int(150))));
    const value = () => Uint8Array.from({ length: 1 + int(seed % 2 ? 4 : 60) }, () => 1 + int(255));
    const reference: MerklePatriciaTrie = await createMPT();
    const store = memory();
    let root = EMPTY_ROOT;
    let trie = createTrie();
    for (let round = 0; round < 40; round++) {
      if (random() < 0.7) trie = createTrie(root, store.source);
      const changes = new Map<string, Bytes | null>();
      for (let i = int(12); i >= 0; i--) changes.set(toHex(key()), random() < 0.45 ? null : value());
      for (const [k, v] of changes) {
        trie.set(fromHex(k), v);
        if (v === null) await reference.del(fromHex(k));
        else await reference.put(fromHex(k), v);
      }
      root = trie.commit(store.sink);
      for (const [k, v] of changes) v === null ? store.flat.delete(k) : store.flat.set(k, v);
      expect(toHex(root)).toBe(toHex(reference.root()));
      const probe = key();
      // The library also lists nodes that stand inside their parent; geth and eth_getProof's users do not.
      const theirs = (await createMerkleProof(reference, probe)).filter((node, i) => i === 0 || node.length >= 32);
      expect(trie.prove(probe).map(toHex)).toEqual(theirs.map(toHex));
      if (store.flat.size > 0) {
        const proven = await verifyMerkleProof(probe, trie.prove(probe));
        expect(proven && bytesToHex(proven)).toEqual(
          store.flat.get(toHex(probe)) ? bytesToHex(store.flat.get(toHex(probe)) as Bytes) : null,
        );
      }
      expect(trie.get(probe)).toEqual(store.flat.get(toHex(probe)));
    }
    for (const k of [...store.flat.keys()]) trie.set(fromHex(k), null);
    expect(trie.commit(store.sink)).toEqual(EMPTY_ROOT);
    expect(store.nodes.size, "no node is left behind").toBe(0);
  });
});

it("refuses a stored node that was changed", () => {
  const store = memory();
  const trie = createTrie();
  for (let i = 0; i < 40; i++) {
    store.flat.set(toHex(keccak256(Uint8Array.of(i))), Uint8Array.of(i + 1));
    trie.set(keccak256(Uint8Array.of(i)), Uint8Array.of(i + 1));
  }
  const root = trie.commit(store.sink);
  const first = store.nodes.get(toHex(packPath(new Uint8Array(0)))) as Bytes;
  first[10] = (first[10] as number) ^ 1;
  expect(() => createTrie(root, store.source).get(keccak256(Uint8Array.of(1)))).toThrow(expect.objectContaining({ code: "STATE_CORRUPT" }));
});

// Around each place where keys get longer, with items that stand inside their parents and with long ones.
it.each([1, 2, 3, 16, 17, 127, 128, 129, 130, 200, 256, 257, 300, 1000])("orders lists of %i as Ethereum does", async (count) => {
  const { RLP } = await import("@ethereumjs/rlp");
  for (const size of [1, 20, 32, 3000]) {
    const items = Array.from({ length: count }, (_, i) => new Uint8Array(size).fill(1 + (i % 120)));
    const reference = await createMPT();
    for (const [i, item] of items.entries()) await reference.put(RLP.encode(i), item);
    expect(toHex(orderedRoot(count, (i) => items[i] as Bytes))).toBe(toHex(reference.root()));
  }
});

it("has the empty root for an empty list", () => {
  expect(orderedRoot(0, () => new Uint8Array(0))).toEqual(EMPTY_ROOT);
  expect(fromNibbles(Uint8Array.of(1, 2, 3, 4))).toEqual(Uint8Array.of(0x12, 0x34));
});
