/**
 * What the upper levels of a trie held at earlier heights, so that a proof rebuilds a 4096th of the trie and not all of it.
 *
 *   upper-refs     u64be height . owner              (u16be place, length of the ref, ref before the block of that height), ...
 *
 * Owner: nothing for accounts, an address for its storage. A ref is what a branch holds of a child (trie/node.ts), nothing where there is
 * none. Place: 16 x branch + child; the branches of the upper levels are counted level by level, each in the order of their paths.
 * A change between a branch and anything else is not told, nor one of a storage that was cleared: who reads checks hashes.
 */
import { concatBytes, equalBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { UPPER_REFS } from "../tables.ts";
import { packPath } from "../trie/nibbles.ts";
import { branchRefs, EMPTY_ROOT, encodeBranch, refOf } from "../trie/node.ts";
import type { NodeSink } from "../trie/trie.ts";
import type { Since } from "./changes.ts";
import { heightKey, nodeTable } from "./keys.ts";

/** Heights for which they are kept: as many as the state of a chain is by default. */
export const UPPER_HEIGHTS = 128;
/** Nibbles of a key above the least that a proof rebuilds. */
export const UPPER_LEVELS = 3;

const NOTHING = new Uint8Array(0);
const CHILDREN = 16;
/** Bytes before a ref. */
const HEAD = 3;

/** Of the branch at a path of the upper levels, its first child's. */
function placeOf(path: Bytes): number {
  return CHILDREN * path.reduce((branch, nibble) => CHILDREN * branch + 1 + nibble, 0);
}

/** Notes for `height` what a commit to `sink` replaces in the upper levels; `ops` gives what keeps it. */
export function noteUpperRefs(snapshot: KvSnapshot, height: Height, owner: Bytes, sink: NodeSink): { sink: NodeSink; ops(): KvOp[] } {
  const replaced: Bytes[] = [];
  return {
    sink(path, encoded) {
      sink(path, encoded);
      if (path.length >= UPPER_LEVELS || encoded === null) return;
      const before = storedBranch(snapshot, owner, path);
      const after = before && branchRefs(encoded);
      if (before === undefined || after === undefined) return;
      const place = placeOf(path);
      for (let i = 0; i < CHILDREN; i++) {
        const ref = before[i] as Bytes;
        if (!equalBytes(ref, after[i] as Bytes)) replaced.push(Uint8Array.of((place + i) >> 8, place + i, ref.length), ref);
      }
    },
    ops: () =>
      replaced.length === 0 ? [] : [{ table: UPPER_REFS, key: concatBytes(heightKey(height), owner), value: Buffer.concat(replaced) }],
  };
}

/** Lets go of those of a height. */
export function forgetUpperRefs(snapshot: KvSnapshot, height: Height): KvOp[] {
  if (height < 1) return [];
  const range = snapshot.range(UPPER_REFS, heightKey(height), heightKey(height + 1), Number.MAX_SAFE_INTEGER);
  return Array.from(range, ([key]) => ({ table: UPPER_REFS, key, value: null }));
}

/** `nodes`: RLP from the root on, at the height; `past`, `newest`: roots of what lies below them, at the height and at the newest. */
export type Upper = { nodes: Bytes[]; past: Hash; newest: Hash };

/** At a path below the root, of as many nibbles as there are upper levels at most; undefined where it is not known, or does not have the root `past`. */
export function upperAt(at: Since, owner: Bytes, path: Bytes, past: Hash): Upper | undefined {
  const paths = Array.from(path, (_, depth) => path.subarray(0, depth));
  const newest = paths.map((x) => storedBranch(at.snapshot, owner, x));
  if (newest.includes(undefined)) return undefined;
  const replaced = refsSince(at, owner, paths.map(placeOf));
  const refs = paths.map((x, depth) => (newest[depth] as Bytes[]).map((ref, i) => replaced.get(placeOf(x) + i) ?? ref));
  const nodes = refs.map(encodeBranch);
  const rightly = nodes.every((node, depth) =>
    depth === 0 ? equalBytes(keccak256(node), past) : equalBytes(refOf(node), refs[depth - 1]?.[path[depth - 1] as number] as Bytes),
  );
  if (!rightly) return undefined;
  const last = path.at(-1) as number;
  return { nodes, past: rootOf(refs.at(-1)?.[last] as Bytes), newest: rootOf(newest.at(-1)?.[last] as Bytes) };
}

/** By place, of the branches whose first places these are: what the first block above the height replaced. */
function refsSince({ snapshot, height, head }: Since, owner: Bytes, places: readonly number[]): Map<number, Bytes> {
  const found = new Map<number, Bytes>();
  for (let h = height + 1; h <= head && found.size < CHILDREN * places.length; h++) {
    const packed = snapshot.get(UPPER_REFS, concatBytes(heightKey(h), owner)) ?? NOTHING;
    for (let start = 0, end = 0; start < packed.length; start = end) {
      const place = ((packed[start] as number) << 8) | (packed[start + 1] as number);
      end = start + HEAD + (packed[start + 2] as number);
      if (places.includes(place & -CHILDREN) && !found.has(place)) found.set(place, packed.subarray(start + HEAD, end));
    }
  }
  return found;
}

/** So far below the root no node of keys of 32 bytes is short enough to stand in its parent. */
function rootOf(ref: Bytes): Hash {
  return ref.length === 0 ? EMPTY_ROOT : ref.subarray(1);
}

function storedBranch(snapshot: KvSnapshot, owner: Bytes, path: Bytes): Bytes[] | undefined {
  const encoded = snapshot.get(nodeTable(owner), concatBytes(owner, packPath(path)));
  return encoded && branchRefs(encoded);
}
