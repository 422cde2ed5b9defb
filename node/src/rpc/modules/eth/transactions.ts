import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { TransactionRecord } from "@noema/execution/records";
import type { PooledTransaction } from "../../deps.ts";
import { type BlockId, numberOrTag } from "../../ethereum/block-id.ts";
import { OF_SENDS } from "../../ethereum/error-sets.ts";
import { renderPooled, renderReceipt, renderTransaction } from "../../ethereum/render-transaction.ts";
import { RECEIPT, TRANSACTION } from "../../ethereum/shapes.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { hash, smallQuantity } from "../../json-rpc/parsers.ts";
import { DATA, HASH, list, nullable } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";
import { rawTransaction } from "./raw-transaction.ts";

/** Of the pool's transactions, shown in one answer: the first that can run. */
const MAX_PENDING = 10_000;

export function transactionMethods(c: EthContext): Record<string, RpcMethod> {
  const index = ["index", smallQuantity(0xffff_ffff)] as const;

  type Found = { shown: Record<string, unknown>; raw: string };
  const included = (record: TransactionRecord): Found => ({ shown: renderTransaction(record), raw: to0x(record.raw) });
  const pending = (pooled: PooledTransaction): Found => ({ shown: renderPooled(pooled), raw: to0x(pooled.tx.raw) });

  async function find(h: Hash): Promise<Found | undefined> {
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

  const byHash = ["hash", hash] as const;
  const inNumber = ["block", numberOrTag] as const;
  const inHash = ["block hash", hash] as const;
  const [whole, raw] = [nullable(TRANSACTION), DATA];

  return {
    eth_sendRawTransaction: method({
      summary: "sends a signed transaction; on a devnet answered when it is in a block",
      params: [["transaction", rawTransaction]],
      result: HASH,
      errors: OF_SENDS,
      run: (raw) => c.sends.send(raw),
      batch: (calls) => c.sends.sendAll(calls.map(([raw]) => raw)),
    }),
    eth_getTransactionByHash: method({
      summary: "a transaction, in a block or in the pool; null where it is unknown",
      params: [byHash],
      result: whole,
      run: async (h) => (await find(h))?.shown,
    }),
    eth_getRawTransactionByHash: method({
      summary: "a transaction as it was signed; 0x where it is unknown",
      params: [byHash],
      result: raw,
      run: async (h) => (await find(h))?.raw ?? "0x",
    }),
    eth_getTransactionByBlockNumberAndIndex: method({
      summary: "a transaction of a block; null where there is none",
      params: [inNumber, index],
      result: whole,
      run: shownAt,
    }),
    eth_getTransactionByBlockHashAndIndex: method({
      summary: "a transaction of a block by the block's hash; null where there is none",
      params: [inHash, index],
      result: whole,
      run: (h, i) => shownAt({ hash: h }, i),
    }),
    eth_getRawTransactionByBlockNumberAndIndex: method({
      summary: "a transaction of a block, as it was signed; 0x where there is none",
      params: [inNumber, index],
      result: raw,
      run: rawAt,
    }),
    eth_getRawTransactionByBlockHashAndIndex: method({
      summary: "a transaction of a block by the block's hash, as it was signed; 0x where there is none",
      params: [inHash, index],
      result: raw,
      run: (h, i) => rawAt({ hash: h }, i),
    }),
    eth_pendingTransactions: method({
      summary: `transactions in the pool, at most ${MAX_PENDING}, those first that can run`,
      params: [],
      result: list(TRANSACTION),
      run() {
        const { pending: next, queued } = c.pool.content();
        return [...next, ...queued].slice(0, MAX_PENDING).map(renderPooled);
      },
    }),
    eth_getTransactionReceipt: method({
      summary: "a transaction's receipt; null where it is in no block",
      params: [byHash],
      result: nullable(RECEIPT),
      async run(h) {
        const receipt = c.receipts.of(h) ?? (await c.execution.receipt(h));
        return receipt === undefined || receipt.number > c.chain.tags().latest.number ? null : renderReceipt(receipt);
      },
    }),
  };
}
