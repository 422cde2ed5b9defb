import { to0x } from "@noema/core/bytes";
import type { BlockNumber } from "@noema/core/ports/bytes";
import { execError } from "@noema/execution/errors";
import { type BlockId, blockId, isPending, numberOrTag } from "../../ethereum/block-id.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { renderBlock, renderHeader } from "../../ethereum/render-block.ts";
import { renderReceipt, renderTransaction } from "../../ethereum/render-transaction.ts";
import { BLOCK, HEADER, RECEIPT } from "../../ethereum/shapes.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { boolean, hash, optional, smallQuantity } from "../../json-rpc/parsers.ts";
import { list, NULL, nullable, oneOf, QUANTITY } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";
import { renderPendingBlock, renderPendingHeader } from "./pending-block.ts";

const UNCLES = "no block has uncles here";

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

/** A block that a tag named is there: without it the tag names another by now (asked-again.ts). */
function requireTagged(id: BlockId, found: object | null): void {
  if (found === null && "tag" in id) throw execError("HEIGHT_UNKNOWN", `the ${id.tag} block has left the chain`);
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
  const full = ["full", optional(boolean, false)] as const;
  const uncles = async (id: BlockId) => ((await c.blocks.find(id)) === undefined ? null : "0x0");
  const headerByNumber = method({
    summary: "a block's header; null where there is none",
    params: [byNumber],
    result: nullable(HEADER),
    run: (id) => headerOf(c, id),
  });
  return {
    eth_blockNumber: method({
      summary: "number of the newest block",
      params: [],
      result: QUANTITY,
      run: () => quantityHex(c.chain.tags().latest.number),
    }),
    eth_getBlockByNumber: method({
      summary: "a block; null where there is none",
      params: [byNumber, full],
      result: nullable(BLOCK),
      async run(id, full) {
        if (isPending(id)) return renderPendingBlock(c, full);
        const number = await c.blocks.find(id);
        const block = number === undefined ? null : await blockAt(c, number, full);
        requireTagged(id, block);
        return block;
      },
    }),
    eth_getBlockByHash: method({
      summary: "a block by its hash; null where there is none",
      params: [byHash, full],
      result: nullable(BLOCK),
      async run(h, full) {
        const number = await c.blocks.find({ hash: h });
        return number === undefined ? null : blockAt(c, number, full);
      },
    }),
    eth_getHeaderByNumber: headerByNumber,
    eth_getHeaderByHash: method({
      summary: "a block's header by its hash; null where there is none",
      params: [byHash],
      result: nullable(HEADER),
      run: (h) => headerOf(c, { hash: h }),
    }),
    erigon_getHeaderByNumber: headerByNumber, // what anvil answers of that namespace
    eth_getBlockTransactionCountByNumber: method({
      summary: "how many transactions a block has; null where there is none",
      params: [byNumber],
      result: nullable(QUANTITY),
      run: (id) => transactionCount(c, id),
    }),
    eth_getBlockTransactionCountByHash: method({
      summary: "how many transactions a block has, by its hash; null where there is none",
      params: [byHash],
      result: nullable(QUANTITY),
      run: (h) => transactionCount(c, { hash: h }),
    }),
    eth_getUncleCountByBlockNumber: method({ summary: UNCLES, params: [byNumber], result: nullable(oneOf("0x0")), run: uncles }),
    eth_getUncleCountByBlockHash: method({
      summary: UNCLES,
      params: [byHash],
      result: nullable(oneOf("0x0")),
      run: (h) => uncles({ hash: h }),
    }),
    eth_getUncleByBlockNumberAndIndex: method({ summary: UNCLES, params: [byNumber, index], result: NULL, run: () => null }),
    eth_getUncleByBlockHashAndIndex: method({ summary: UNCLES, params: [byHash, index], result: NULL, run: () => null }),
    eth_getBlockReceipts: method({
      summary: "the receipts of a block; null where there is none",
      params: [["block", blockId]],
      result: nullable(list(RECEIPT)),
      async run(id) {
        if (isPending(id)) return [];
        const number = await c.blocks.find(id);
        return number === undefined ? null : (await c.execution.receipts(number)).map(renderReceipt);
      },
    }),
  };
}
