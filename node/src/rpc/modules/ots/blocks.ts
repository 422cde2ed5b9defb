import type { BlockRecord, ReceiptRecord } from "@noema/execution/records";
import { type BlockId, type BlockResolver, numberOrTag } from "../../ethereum/block-id.ts";
import { AT_BLOCK } from "../../ethereum/error-sets.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { renderBlock } from "../../ethereum/render-block.ts";
import { renderTransaction } from "../../ethereum/render-transaction.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { count, hash } from "../../json-rpc/parsers.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import { otsReceipt } from "./receipt.ts";
import { BLOCK_PAGE, DETAILS } from "./shapes.ts";

/** After the merge a block gives its proposer nothing but fees. */
const NO_ISSUANCE = { blockReward: "0x0", uncleReward: "0x0", issuance: "0x0" };
const MAX_PAGE = 1_000_000;
const MAX_PAGE_SIZE = 1000;

export function otsBlockMethods({ execution }: ModuleDeps, blocks: BlockResolver): Record<string, RpcMethod> {
  async function details(id: BlockId) {
    const number = await blocks.require(id);
    const block = (await execution.block(number)) as BlockRecord;
    const { transactions: _, ...slim } = renderBlock(block, []);
    const fees = (await execution.receipts(number)).reduce((sum, x) => sum + feeOf(x), 0n);
    return {
      block: { ...slim, logsBloom: null, transactionCount: block.txHashes.length },
      issuance: NO_ISSUANCE,
      totalFees: quantityHex(fees),
    };
  }
  return {
    ots_getBlockDetails: method({
      summary: "a block without its transactions, and its fees",
      params: [["block", numberOrTag]],
      result: DETAILS,
      errors: AT_BLOCK,
      run: details,
    }),
    ots_getBlockDetailsByHash: method({
      summary: "a block by its hash, without its transactions, and its fees",
      params: [["block hash", hash]],
      result: DETAILS,
      errors: AT_BLOCK,
      run: (h) => details({ hash: h }),
    }),
    ots_getBlockTransactions: method({
      summary: "a page of a block's transactions",
      params: [
        ["block", numberOrTag],
        ["page", count(MAX_PAGE)],
        ["page size", count(MAX_PAGE_SIZE)],
      ],
      result: BLOCK_PAGE,
      errors: AT_BLOCK,
      async run(id, page, size) {
        const number = await blocks.require(id);
        const block = (await execution.block(number)) as BlockRecord;
        const shown = <T>(all: readonly T[]) => all.slice(page * size, (page + 1) * size);
        const transactions = shown(await execution.transactions(number)).map((tx) => renderTransaction(tx));
        const receipts = shown(await execution.receipts(number)).map(otsReceipt);
        return { fullblock: { ...renderBlock(block, transactions), transactionCount: block.txHashes.length }, receipts };
      },
    }),
  };
}

function feeOf({ gasUsed, effectiveGasPrice, blobGasUsed = 0n, blobGasPrice = 0n }: ReceiptRecord): bigint {
  return gasUsed * effectiveGasPrice + blobGasUsed * blobGasPrice;
}
