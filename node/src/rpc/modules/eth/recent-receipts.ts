/** Receipts of the newest blocks, which everybody asks for right after a send: without a trip to the worker. */
import { toHex } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { ReceiptRecord } from "@noema/execution/api";
import type { ChainFacts } from "../../deps.ts";

const MAX_BLOCKS = 16;
/** A block with more is not kept: a receipt has some hundred bytes, and its logs as many as gas pays for. */
const MAX_RECEIPTS = 256;

export type RecentReceipts = { of(hash: Hash): ReceiptRecord | undefined; close(): void };

export function createRecentReceipts(chain: ChainFacts): RecentReceipts {
  const blocks: (readonly ReceiptRecord[])[] = [];
  const byHash = new Map<string, ReceiptRecord>();
  const close = chain.onHead(({ receipts }) => {
    const kept = receipts.length <= MAX_RECEIPTS ? receipts : [];
    blocks.push(kept);
    for (const receipt of kept) byHash.set(toHex(receipt.txHash), receipt);
    if (blocks.length > MAX_BLOCKS) for (const { txHash } of blocks.shift() ?? []) byHash.delete(toHex(txHash));
  });
  return { of: (hash) => byHash.get(toHex(hash)), close };
}
