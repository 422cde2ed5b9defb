/** Blocks and transactions of the chain, by number and by hash: not abandoned ones. */
import { equalBytes } from "@noema/core/bytes";
import type { BlockNumber, Hash, Height } from "@noema/core/ports/bytes";
import type { KvSnapshot } from "@noema/core/ports/kv-store";
import { underShortHash } from "@noema/core/short-hash";
import { HASHES, TXS } from "../tables.ts";
import { readTransaction, type StoredTransaction } from "./bodies.ts";
import { heightOfNumber, isCanonical } from "./numbers.ts";
import { readPlace } from "./place.ts";
import { quietBlock } from "./quiet.ts";
import { readBlock, readHeight, type StoredBlock, type StoredHeight } from "./store.ts";

export function blockOfNumber(snapshot: KvSnapshot, number: BlockNumber, fork: string): StoredBlock | undefined {
  const height = heightOfNumber(snapshot, number);
  return height === undefined ? undefined : blockIn(snapshot, height, number, fork);
}

/** The newest block after a height, of the chain or since abandoned. */
export function newestAfter(snapshot: KvSnapshot, { block, number, newest }: StoredHeight, fork: string): StoredBlock | undefined {
  return block?.header.number === number ? block : blockIn(snapshot, newest, number, fork);
}

export function blockOfHash(snapshot: KvSnapshot, hash: Hash, fork: string): StoredBlock | undefined {
  for (const found of underShortHash(snapshot, HASHES, hash)) {
    const { height, index } = readPlace(found);
    const block = blockAt(snapshot, readHeight(snapshot, height, fork), index, fork);
    if (block !== undefined && equalBytes(block.hash, hash) && isCanonical(snapshot, block)) return block;
  }
  return undefined;
}

export function transactionOfHash(
  snapshot: KvSnapshot,
  hash: Hash,
  fork: string,
): { block: StoredBlock; stored: StoredTransaction } | undefined {
  for (const found of underShortHash(snapshot, TXS, hash)) {
    const { height, index } = readPlace(found);
    const stored = readTransaction(snapshot, height, index);
    if (stored === undefined || !equalBytes(stored.tx.hash, hash)) continue;
    const block = readBlock(snapshot, height, fork);
    if (block !== undefined && isCanonical(snapshot, block)) return { block, stored };
  }
  return undefined;
}

/** The block of a number among those of a height. */
function blockIn(snapshot: KvSnapshot, height: Height, number: BlockNumber, fork: string): StoredBlock | undefined {
  const stored = readHeight(snapshot, height, fork);
  return stored?.block && blockAt(snapshot, stored, number - stored.block.header.number, fork);
}

function blockAt(snapshot: KvSnapshot, stored: StoredHeight | undefined, index: number, fork: string): StoredBlock | undefined {
  const { block, quiet } = stored ?? {};
  if (block === undefined || index === 0) return block;
  return quiet === undefined || index < 0 || index > quiet.count ? undefined : quietBlock(snapshot, block, quiet.interval, index, fork);
}
