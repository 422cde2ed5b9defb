/**
 * Proofs from a trie as it was: the newest one with later changes taken back, in memory. Only the part in which a key lies is rebuilt
 * where the levels above it are known (upper-refs.ts), else all of it: its cost grows with all that has changed since.
 */
import { equalBytes } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { execError } from "../errors.ts";
import { toNibbles } from "../trie/nibbles.ts";
import { createTrie, type Trie, type TrieSource } from "../trie/trie.ts";
import { type Change, changesSince, partOf, type Since } from "./changes.ts";
import { UPPER_LEVELS, type Upper, upperAt } from "./upper-refs.ts";

/** `newest`: its root at the newest height; `past`: at the height that is meant. `owner`: as in upper-refs.ts. */
export type PastTrie = { owner: Bytes; source: TrieSource; newest: Hash; past: Hash; leafOf(value: Bytes): Bytes };

/** Of each key (32 bytes), RLP of the nodes from the root towards it. Throws STATE_CORRUPT when the rebuilt trie does not have the root `past`. */
export function provePast(at: Since, trie: PastTrie, keys: readonly Bytes[]): Bytes[][] {
  if (!equalBytes(trie.newest, trie.past))
    for (let levels = UPPER_LEVELS; levels > 0; levels--) {
      const proofs = proveBelow(at, trie, keys, levels);
      if (proofs !== undefined) return proofs;
    }
  return proveWhole(at, trie, keys);
}

export function proveWhole(at: Since, trie: PastTrie, keys: readonly Bytes[]): Bytes[][] {
  const whole = createTrie(trie.newest, trie.source);
  if (!equalBytes(trie.newest, trie.past)) for (const some of changesSince(at, trie.owner, 0).values()) takeBack(at, trie, whole, some);
  if (!equalBytes(whole.commit(), trie.past))
    throw execError("STATE_CORRUPT", `the state rebuilt for height ${at.height} does not have that block's state root`);
  return keys.map((key) => whole.prove(key));
}

/** By the parts of the trie so many nibbles below its root; undefined where what is above them is not known. */
export function proveBelow(at: Since, trie: PastTrie, keys: readonly Bytes[], levels: number): Bytes[][] | undefined {
  const uppers = new Map<number, Upper>();
  for (const key of keys) {
    const part = partOf(key, levels);
    const upper = uppers.get(part) ?? upperAt(at, trie.owner, toNibbles(key).subarray(0, levels), trie.past);
    if (upper === undefined) return undefined;
    uppers.set(part, upper);
  }
  const changes = changesSince(at, trie.owner, levels, uppers);
  const parts = new Map<number, Trie>();
  for (const [part, { newest, past }] of uppers) {
    const below = createTrie(newest, trie.source, levels);
    takeBack(at, trie, below, changes.get(part) ?? []);
    if (!equalBytes(below.commit(), past)) return undefined;
    parts.set(part, below);
  }
  return keys.map((key) => {
    const part = partOf(key, levels);
    return [...(uppers.get(part) as Upper).nodes, ...(parts.get(part) as Trie).prove(key)];
  });
}

function takeBack({ goOn }: Since, { leafOf }: PastTrie, trie: Trie, changes: readonly (Change & { key: Bytes })[]): void {
  for (const { key, before } of changes) {
    goOn?.();
    trie.set(key, before === undefined ? null : leafOf(before));
  }
}
