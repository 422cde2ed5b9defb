/** Receipts of the newest blocks that show all of theirs: everybody asks for them right after a send. Without a question to the state. */
import { toHex } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { ReceiptRecord } from "@noema/execution/records";
import type { ChainFacts } from "../../deps.ts";

const MAX_BLOCKS = 16;

export type RecentReceipts = { of(hash: Hash): ReceiptRecord | undefined; close(): void };

export function createRecentReceipts(chain: ChainFacts): RecentReceipts {
  const blocks: (readonly ReceiptRecord[])[] = [];
  const byHash = new Map<string, ReceiptRecord>();
  const close = chain.onHead(({ txs, shown, reverted }) => {
    if (reverted !== undefined) {
      blocks.length = 0;
      byHash.clear();
    }
    const kept = shown.length === txs ? shown : [];
    blocks.push(kept);
    for (const receipt of kept) byHash.set(toHex(receipt.txHash), receipt);
    if (blocks.length > MAX_BLOCKS) for (const { txHash } of blocks.shift() ?? []) byHash.delete(toHex(txHash));
  });
  return { of: (hash) => byHash.get(toHex(hash)), close };
}
