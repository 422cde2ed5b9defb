/**
 * Quiet blocks: what follows a height's whole block where several are made at once. Empty, the state as it is; every parent's hash, base
 * fee and excess of blob gas as the rules say. Of them the store holds how many, how far apart, and their hashes; the header is made again.
 *
 *   quiet       u64be height . u32be row        hashes, 256 a row
 */

import { setImmediate } from "node:timers/promises";
import { blockNumber } from "@noema/core/block-number";
import { concatBytes, u64le } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { shortHashOp } from "@noema/core/short-hash";
import { execError } from "../errors.ts";
import { baseFeeAfter, excessBlobGasAfter } from "../rules/fees.ts";
import { type Fork, forkOf } from "../rules/forks.ts";
import { HASHES, QUIET } from "../tables.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import { NO_BLOOM } from "./bloom.ts";
import { HASH_BYTES, joinHashes } from "./hashes.ts";
import { encodeHeader, type Header } from "./header.ts";
import { placeBytes } from "./place.ts";
import type { QuietRun, StoredBlock } from "./store.ts";

const HASHES_IN_A_ROW = 256;
const AT_ONCE = 1000;

type Fees = Pick<Header, "baseFeePerGas" | "excessBlobGas">;

/** All of them, in order. */
function* quietBlocks(whole: StoredBlock, { count, interval }: QuietRun, fork: string): Generator<StoredBlock> {
  const rules = forkOf(fork);
  let parent = whole;
  for (let index = 1; index <= count; index++) {
    parent = quietHeader({ whole, index, interval, fork, parentHash: parent.hash, fees: feesAfter(rules, parent.header) });
    yield parent;
  }
}

/** The one of that index, from 1. */
export function quietBlock(snapshot: KvSnapshot, whole: StoredBlock, interval: bigint, index: number, fork: string): StoredBlock {
  const parentHash = index === 1 ? whole.hash : hashOf(snapshot, whole.height, index - 1);
  return quietHeader({ whole, index, interval, fork, parentHash, fees: feesAt(forkOf(fork), whole.header, index) });
}

/** undefined: there are none. Other work comes between, since a thousand take some 20 ms. */
export async function sealQuiet(
  whole: StoredBlock,
  { quiet: count, interval }: { quiet: number; interval: bigint },
  fork: string,
): Promise<{ run: QuietRun; hashes: Hash[]; last: StoredBlock } | undefined> {
  if (count === 0) return undefined;
  const hashes: Hash[] = [];
  let last = whole;
  for (last of quietBlocks(whole, { count, interval }, fork)) {
    hashes.push(last.hash);
    if (hashes.length % AT_ONCE === 0) await setImmediate();
  }
  return { run: { count, interval }, hashes, last };
}

/** `hashes`: of all of them. */
export function quietOps({ height }: StoredBlock, hashes: readonly Hash[]): KvOp[] {
  const ops = hashes.map((hash, i) => shortHashOp(HASHES, hash, placeBytes(height, 1 + i)));
  for (let first = 0; first < hashes.length; first += HASHES_IN_A_ROW)
    ops.push({
      table: QUIET,
      key: placeBytes(height, first / HASHES_IN_A_ROW),
      value: joinHashes(hashes.slice(first, first + HASHES_IN_A_ROW)),
    });
  return ops;
}

/** Of the blocks of a height from the whole one, 0, on: `from` to `to`, both included. */
export function hashesOf(snapshot: KvSnapshot, whole: StoredBlock, from: number, to: number): Hash[] {
  const hashes = from === 0 ? [whole.hash] : [];
  let row: Bytes | undefined;
  for (let index = from + hashes.length; index <= to; index++) {
    if (row === undefined || (index - 1) % HASHES_IN_A_ROW === 0) row = rowOf(snapshot, whole.height, index);
    hashes.push(hashIn(row, whole.height, index));
  }
  return hashes;
}

function hashOf(snapshot: KvSnapshot, height: Height, index: number): Hash {
  return hashIn(rowOf(snapshot, height, index), height, index);
}

function rowOf(snapshot: KvSnapshot, height: Height, index: number): Bytes | undefined {
  return snapshot.get(QUIET, placeBytes(height, Math.floor((index - 1) / HASHES_IN_A_ROW)));
}

function hashIn(row: Bytes | undefined, height: Height, index: number): Hash {
  const at = HASH_BYTES * ((index - 1) % HASHES_IN_A_ROW);
  const hash = row?.slice(at, at + HASH_BYTES);
  if (hash?.length !== HASH_BYTES) throw execError("STATE_CORRUPT", `height ${height} lacks the hash of its quiet block ${index}`);
  return hash;
}

function feesAfter(fork: Fork, parent: Header): Fees {
  return { baseFeePerGas: baseFeeAfter(fork, parent), excessBlobGas: excessBlobGasAfter(fork, parent) };
}

/** Both fall until they no longer move. */
function feesAt(fork: Fork, whole: Header, index: number): Fees {
  let fees = feesAfter(fork, whole);
  for (let i = 1; i < index; i++) {
    const next = feesAfter(fork, { ...whole, ...fees, gasUsed: 0n, blobGasUsed: 0n });
    if (next.baseFeePerGas === fees.baseFeePerGas && next.excessBlobGas === fees.excessBlobGas) break;
    fees = next;
  }
  return fees;
}

type Quiet = { whole: StoredBlock; index: number; interval: bigint; fork: string; parentHash: Hash; fees: Fees };

function quietHeader({ whole, index, interval, fork, parentHash, fees }: Quiet): StoredBlock {
  const header: Header = {
    ...whole.header,
    ...fees,
    parentHash,
    number: blockNumber(whole.header.number + index),
    timestamp: whole.header.timestamp + BigInt(index) * interval,
    prevRandao: sha256(concatBytes(whole.header.prevRandao, u64le(index))),
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    logsBloom: NO_BLOOM,
    gasUsed: 0n,
    blobGasUsed: 0n,
  };
  const headerRlp = encodeHeader(header, fork);
  return { height: whole.height, index, header, headerRlp, hash: keccak256(headerRlp) };
}
