import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { invalidParams } from "../json-rpc/error.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { data, hash, smallQuantity } from "../json-rpc/parsers.ts";
import { type BlockId, blockNumber } from "./block-id.ts";
import type { EthContext } from "./context.ts";
import { pendingTransactions } from "./pending-block.ts";
import { renderReceipt, renderTransaction } from "./render-transaction.ts";

/** Above any transaction that a block can hold with its blobs' sidecar. */
const MAX_RAW_BYTES = 1_200_000;

export function transactionMethods(c: EthContext): Record<string, RpcMethod> {
  const index = ["index", smallQuantity(0xffff_ffff)] as const;

  async function find(h: Hash) {
    const included = await c.execution.transaction(h);
    return included ?? c.pool.get(h);
  }

  async function at(id: BlockId, i: number) {
    if ("tag" in id && id.tag === "pending") return (await pendingTransactions(c))[i];
    const height = await c.blocks.find(id);
    return height === undefined ? undefined : (await c.execution.transactions(height))[i];
  }

  async function renderAt(id: BlockId, i: number) {
    const found = await at(id, i);
    return found === undefined ? null : renderTransaction(found);
  }

  const rawAt = async (id: BlockId, i: number) => {
    const found = await at(id, i);
    return found === undefined ? "0x" : to0x(found.raw);
  };

  return {
    eth_sendRawTransaction: method([["transaction", data({ max: MAX_RAW_BYTES })]], async (raw) => {
      if (raw.length === 0) throw invalidParams("transaction: empty");
      return to0x(await c.pool.add(raw, "local"));
    }),
    eth_getTransactionByHash: method([["hash", hash]], async (h) => {
      const found = await find(h);
      return found === undefined ? null : renderTransaction(found);
    }),
    eth_getRawTransactionByHash: method([["hash", hash]], async (h) => {
      const found = await find(h);
      return found === undefined ? "0x" : to0x(found.raw);
    }),
    eth_getTransactionByBlockNumberAndIndex: method([["block", blockNumber], index], renderAt),
    eth_getTransactionByBlockHashAndIndex: method([["block hash", hash], index], (h, i) => renderAt({ hash: h }, i)),
    eth_getRawTransactionByBlockNumberAndIndex: method([["block", blockNumber], index], rawAt),
    eth_getRawTransactionByBlockHashAndIndex: method([["block hash", hash], index], (h, i) => rawAt({ hash: h }, i)),
    eth_getTransactionReceipt: method([["hash", hash]], async (h) => {
      const receipt = await c.execution.receipt(h);
      return receipt === undefined || receipt.height > c.chain.heights().latest ? null : renderReceipt(receipt);
    }),
  };
}
