/**
 * Hashes of rows (sha256): leaf = H(0 || 2 KiB chunk), node = H(1 || left || right). A row's leaf is the root of its 64 chunks, so a
 * custody challenge is a chunk and a path; rowsRoot is the tree of all N rows' leaves, padded with zero hashes to a power of two.
 */
import { concatBytes, equalBytes, ZERO_HASH } from "@noema/core/bytes";
import { sha256, sha256Into } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { ROW_BYTES } from "./elements.ts";

/** With its path to rowsRoot. */
export type RowWithPath = { slot: number; row: Bytes; path: Hash[] };

const CHUNK_BYTES = 2048;
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const HASH_BYTES = 32;

/** What is hashed and what came of it: a row has 127 hashes, and to make arrays for each took longer than they do. */
const chunk = concatBytes(LEAF, new Uint8Array(CHUNK_BYTES));
const pair = concatBytes(NODE, new Uint8Array(2 * HASH_BYTES));
const level = Buffer.alloc((ROW_BYTES / CHUNK_BYTES) * HASH_BYTES);

function node(left: Hash, right: Hash): Hash {
  return sha256(NODE, left, right);
}

/** levels[0] are the padded leaves, the last level is the root. */
export function merkleLevels(leaves: readonly Hash[]): Hash[][] {
  const levels = [[...leaves, ...new Array<Hash>(2 ** treeDepth(leaves.length) - leaves.length).fill(ZERO_HASH)]];
  while (levels.at(-1)!.length > 1) {
    const below = levels.at(-1)!;
    levels.push(Array.from({ length: below.length / 2 }, (_, i) => node(below[2 * i]!, below[2 * i + 1]!)));
  }
  return levels;
}

export function treeDepth(leaves: number): number {
  return Math.ceil(Math.log2(Math.max(1, leaves)));
}

export function merklePath(levels: readonly Hash[][], index: number): Hash[] {
  return levels.slice(0, -1).map((level, depth) => level[(index >> depth) ^ 1]!);
}

function rootFromPath(leaf: Hash, index: number, path: readonly Hash[]): Hash {
  let hash = leaf;
  for (const [depth, sibling] of path.entries()) hash = (index >> depth) & 1 ? node(sibling, hash) : node(hash, sibling);
  return hash;
}

/** Of a whole row: 64 chunks are a full tree. */
export function rowLeaf(row: Bytes): Hash {
  let width = row.length / CHUNK_BYTES;
  for (let i = 0; i < width; i++) {
    chunk.set(row.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES), 1);
    sha256Into(level, i * HASH_BYTES, chunk);
  }
  for (; width > 1; width /= 2)
    for (let i = 0; i < width / 2; i++) {
      pair.set(level.subarray(2 * i * HASH_BYTES, 2 * (i + 1) * HASH_BYTES), 1);
      sha256Into(level, i * HASH_BYTES, pair);
    }
  return Uint8Array.from(level.subarray(0, HASH_BYTES));
}

export function verifyRowPath(row: Bytes, slot: number, N: number, path: readonly Hash[], rowsRoot: Hash): boolean {
  return path.length === treeDepth(N) && slot >= 0 && slot < N && equalBytes(rootFromPath(rowLeaf(row), slot, path), rowsRoot);
}
