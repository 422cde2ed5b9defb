import { to0x } from "@noema/core/bytes";
import type { BlockNumber } from "@noema/core/ports/bytes";
import { type BlockId, blockId, isPending, numberOrTag } from "../../ethereum/block-id.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { renderBlock, renderHeader } from "../../ethereum/render-block.ts";
import { renderReceipt, renderTransaction } from "../../ethereum/render-transaction.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { boolean, hash, optional, smallQuantity } from "../../json-rpc/parsers.ts";
import type { EthContext } from "./context.ts";
import { renderPendingBlock, renderPendingHeader } from "./pending-block.ts";

async function blockAt(c: EthContext, number: BlockNumber, full: boolean): Promise<Record<string, unknown> | null> {
  const block = await c.execution.block(number);
  if (block === undefined) return null;
  if (!full) return renderBlock(block, block.txHashes.map(to0x));
  const transactions = await c.execution.transactions(number);
  return renderBlock(
    block,
    transactions.map((tx) => renderTransaction(tx)),
  );
}

async function transactionCount(c: EthContext, id: BlockId): Promise<string | null> {
  if (isPending(id)) return quantityHex(c.pool.next().transactions.length);
  const number = await c.blocks.find(id);
  const block = number === undefined ? undefined : await c.execution.block(number);
  return block === undefined ? null : quantityHex(block.txHashes.length);
}

async function headerOf(c: EthContext, id: BlockId): Promise<Record<string, unknown> | null> {
  if (isPending(id)) return renderPendingHeader(c);
  const number = await c.blocks.find(id);
  const block = number === undefined ? undefined : await c.execution.block(number);
  return block === undefined ? null : renderHeader(block);
}

export function blockMethods(c: EthContext): Record<string, RpcMethod> {
  const byNumber = ["block", numberOrTag] as const;
  const byHash = ["block hash", hash] as const;
  const index = ["index", smallQuantity(0xffff_ffff)] as const;
  const uncles = async (id: BlockId) => ((await c.blocks.find(id)) === undefined ? null : "0x0");
  return {
    eth_blockNumber: method([], () => quantityHex(c.chain.tags().latest.number)),
    eth_getBlockByNumber: method([byNumber, ["full", optional(boolean, false)]], async (id, full) => {
      if (isPending(id)) return renderPendingBlock(c, full);
      const number = await c.blocks.find(id);
      return number === undefined ? null : blockAt(c, number, full);
    }),
    eth_getBlockByHash: method([byHash, ["full", optional(boolean, false)]], async (h, full) => {
      const number = await c.blocks.find({ hash: h });
      return number === undefined ? null : blockAt(c, number, full);
    }),
    eth_getHeaderByNumber: method([byNumber], (id) => headerOf(c, id)),
    eth_getHeaderByHash: method([byHash], (h) => headerOf(c, { hash: h })),
    erigon_getHeaderByNumber: method([byNumber], (id) => headerOf(c, id)), // what anvil answers of that namespace
    eth_getBlockTransactionCountByNumber: method([byNumber], (id) => transactionCount(c, id)),
    eth_getBlockTransactionCountByHash: method([byHash], (h) => transactionCount(c, { hash: h })),
    eth_getUncleCountByBlockNumber: method([byNumber], uncles),
    eth_getUncleCountByBlockHash: method([byHash], (h) => uncles({ hash: h })),
    eth_getUncleByBlockNumberAndIndex: method([byNumber, index], () => null),
    eth_getUncleByBlockHashAndIndex: method([byHash, index], () => null),
    eth_getBlockReceipts: method([["block", blockId]], async (id) => {
      if (isPending(id)) return [];
      const number = await c.blocks.find(id);
      return number === undefined ? null : (await c.execution.receipts(number)).map(renderReceipt);
    }),
  };
}
