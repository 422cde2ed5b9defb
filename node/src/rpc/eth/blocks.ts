import { to0x } from "@noema/core/bytes";
import type { Height } from "@noema/core/ports/bytes";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { boolean, hash, optional, smallQuantity } from "../json-rpc/parsers.ts";
import { type BlockId, blockId, blockNumber, isPending } from "./block-id.ts";
import type { EthContext } from "./context.ts";
import { quantityHex } from "./hex.ts";
import { renderPendingBlock } from "./pending-block.ts";
import { renderBlock } from "./render-block.ts";
import { renderReceipt, renderTransaction } from "./render-transaction.ts";

async function blockAt(c: EthContext, height: Height, full: boolean): Promise<Record<string, unknown> | null> {
  const block = await c.execution.block(height);
  if (block === undefined) return null;
  if (!full) return renderBlock(block, block.txHashes.map(to0x));
  const transactions = await c.execution.transactions(height);
  return renderBlock(
    block,
    transactions.map((tx) => renderTransaction(tx)),
  );
}

async function transactionCount(c: EthContext, id: BlockId): Promise<string | null> {
  if (isPending(id)) return quantityHex(c.pool.next().transactions.length);
  const height = await c.blocks.find(id);
  const block = height === undefined ? undefined : await c.execution.block(height);
  return block === undefined ? null : quantityHex(block.txHashes.length);
}

export function blockMethods(c: EthContext): Record<string, RpcMethod> {
  const byNumber = ["block", blockNumber] as const;
  const byHash = ["block hash", hash] as const;
  const index = ["index", smallQuantity(0xffff_ffff)] as const;
  const uncles = async (id: BlockId) => ((await c.blocks.find(id)) === undefined ? null : "0x0");
  return {
    eth_blockNumber: method([], () => quantityHex(c.chain.heights().latest)),
    eth_getBlockByNumber: method([byNumber, ["full", optional(boolean, false)]], async (id, full) => {
      if (isPending(id)) return renderPendingBlock(c, full);
      const height = await c.blocks.find(id);
      return height === undefined ? null : blockAt(c, height, full);
    }),
    eth_getBlockByHash: method([byHash, ["full", optional(boolean, false)]], async (h, full) => {
      const height = await c.blocks.find({ hash: h });
      return height === undefined ? null : blockAt(c, height, full);
    }),
    eth_getBlockTransactionCountByNumber: method([byNumber], (id) => transactionCount(c, id)),
    eth_getBlockTransactionCountByHash: method([byHash], (h) => transactionCount(c, { hash: h })),
    eth_getUncleCountByBlockNumber: method([byNumber], uncles),
    eth_getUncleCountByBlockHash: method([byHash], (h) => uncles({ hash: h })),
    eth_getUncleByBlockNumberAndIndex: method([byNumber, index], () => null),
    eth_getUncleByBlockHashAndIndex: method([byHash, index], () => null),
    eth_getBlockReceipts: method([["block", blockId]], async (id) => {
      if (isPending(id)) return [];
      const height = await c.blocks.find(id);
      return height === undefined ? null : (await c.execution.receipts(height)).map(renderReceipt);
    }),
  };
}
