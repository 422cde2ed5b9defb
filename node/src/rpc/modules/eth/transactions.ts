import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { TransactionRecord } from "@noema/execution/records";
import type { PooledTransaction } from "../../deps.ts";
import { type BlockId, numberOrTag } from "../../ethereum/block-id.ts";
import { renderPooled, renderReceipt, renderTransaction } from "../../ethereum/render-transaction.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { hash, smallQuantity } from "../../json-rpc/parsers.ts";
import type { EthContext } from "./context.ts";
import { rawTransaction } from "./raw-transaction.ts";

/** Of the pool's transactions, shown in one answer: the first that can run. */
const MAX_PENDING = 10_000;

export function transactionMethods(c: EthContext): Record<string, RpcMethod> {
  const index = ["index", smallQuantity(0xffff_ffff)] as const;

  type Found = { shown: Record<string, unknown>; raw: string };
  const included = (record: TransactionRecord): Found => ({ shown: renderTransaction(record), raw: to0x(record.raw) });
  const pending = (pooled: PooledTransaction): Found => ({ shown: renderPooled(pooled), raw: to0x(pooled.tx.raw) });

  async function byHash(h: Hash): Promise<Found | undefined> {
    const record = await c.execution.transaction(h);
    if (record !== undefined) return included(record);
    const pooled = c.pool.get(h);
    return pooled && pending(pooled);
  }

  async function at(id: BlockId, i: number): Promise<Found | undefined> {
    if ("tag" in id && id.tag === "pending") {
      const pooled = c.pool.next().transactions[i];
      return pooled && pending(pooled);
    }
    const number = await c.blocks.find(id);
    const record = number === undefined ? undefined : (await c.execution.transactions(number))[i];
    return record && included(record);
  }

  const shownAt = async (id: BlockId, i: number) => (await at(id, i))?.shown;
  const rawAt = async (id: BlockId, i: number) => (await at(id, i))?.raw ?? "0x";

  return {
    eth_sendRawTransaction: method([["transaction", rawTransaction]], (raw) => c.sends.send(raw), {
      batch: (calls) => c.sends.sendAll(calls.map(([raw]) => raw)),
    }),
    eth_getTransactionByHash: method([["hash", hash]], async (h) => (await byHash(h))?.shown),
    eth_getRawTransactionByHash: method([["hash", hash]], async (h) => (await byHash(h))?.raw ?? "0x"),
    eth_getTransactionByBlockNumberAndIndex: method([["block", numberOrTag], index], shownAt),
    eth_getTransactionByBlockHashAndIndex: method([["block hash", hash], index], (h, i) => shownAt({ hash: h }, i)),
    eth_getRawTransactionByBlockNumberAndIndex: method([["block", numberOrTag], index], rawAt),
    eth_getRawTransactionByBlockHashAndIndex: method([["block hash", hash], index], (h, i) => rawAt({ hash: h }, i)),
    eth_pendingTransactions: method([], () => {
      const { pending: next, queued } = c.pool.content();
      return [...next, ...queued].slice(0, MAX_PENDING).map(renderPooled);
    }),
    eth_getTransactionReceipt: method([["hash", hash]], async (h) => {
      const receipt = c.receipts.of(h) ?? (await c.execution.receipt(h));
      return receipt === undefined || receipt.number > c.chain.tags().latest.number ? null : renderReceipt(receipt);
    }),
  };
}
