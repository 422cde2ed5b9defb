/**
 * Pages of the transactions that an address is part of, as sender, recipient or anywhere in their calls. No index is kept: blocks
 * with transactions are run again, newest first or oldest first, until the page is full or as many as one question may look at.
 */
import { blockNumber } from "@noema/core/block-number";
import { to0x } from "@noema/core/bytes";
import type { BlockNumber, Bytes } from "@noema/core/ports/bytes";
import type { ReceiptRecord, TransactionRecord } from "@noema/execution/records";
import { rpcError } from "../../errors.ts";
import { OF_TRACES } from "../../ethereum/error-sets.ts";
import { renderTransaction } from "../../ethereum/render-transaction.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { address, count } from "../../json-rpc/parsers.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import { otsReceipt } from "./receipt.ts";
import { SEARCH_PAGE } from "./shapes.ts";

/** Blocks with transactions; headers are read so many at a time. */
const MAX_BLOCKS = 300;
const HEADERS = 256;
/** Headers: some seconds of the thread that answers for receipts, too. */
const MAX_HEADERS = 100_000;
const MAX_PAGE_SIZE = 1000;

type Found = { tx: TransactionRecord; receipt: ReceiptRecord };

export function otsSearchMethods(deps: ModuleDeps): Record<string, RpcMethod> {
  const latest = () => deps.chain.tags().latest.number;
  const told = {
    params: [
      ["address", address],
      ["block", count(Number.MAX_SAFE_INTEGER)],
      ["page size", count(MAX_PAGE_SIZE)],
    ],
    result: SEARCH_PAGE,
    errors: [...OF_TRACES, "RPC_LIMIT"],
  } as const;
  return {
    ots_searchTransactionsBefore: method({
      ...told,
      summary: "transactions that an address is part of, newest first, before a block; 0: from the newest on",
      async run(who, block, size) {
        const from = block === 0 || block > latest() ? latest() : blockNumber(block - 1);
        const { found, ended } = await search(deps, who, size, from, -1);
        return page(found, { firstPage: from === latest(), lastPage: ended });
      },
    }),
    ots_searchTransactionsAfter: method({
      ...told,
      summary: "transactions that an address is part of, after a block, the newest of them first; 0: from the oldest on",
      async run(who, block, size) {
        const from = blockNumber(block + 1);
        const { found, ended } = await search(deps, who, size, from, 1);
        return page(found.reverse(), { firstPage: ended, lastPage: block === 0 });
      },
    }),
  };
}

/** Transactions of a block stay together: a page can be longer than asked for. `ended`: there is no block after it. */
async function search(
  deps: ModuleDeps,
  who: Bytes,
  size: number,
  from: BlockNumber,
  step: 1 | -1,
): Promise<{ found: Found[]; ended: boolean }> {
  const found: Found[] = [];
  let looked = 0;
  for await (const { number, isBusy } of blocks(deps, from, step)) {
    if (isBusy && found.length >= size) return { found, ended: false };
    if ((isBusy && looked === MAX_BLOCKS) || Math.abs(number - from) === MAX_HEADERS) {
      if (found.length > 0) return { found, ended: false };
      const words = `none in ${looked} blocks with transactions of ${Math.abs(number - from)}; ask again from block ${number}`;
      throw rpcError("RPC_LIMIT", words, { block: number });
    }
    if (!isBusy) continue;
    looked++;
    found.push(...(await mentioned(deps, number, who, step)));
  }
  return { found, ended: true };
}

/** `isBusy`: it used gas. */
async function* blocks(
  { execution, chain }: ModuleDeps,
  from: BlockNumber,
  step: 1 | -1,
): AsyncGenerator<{ number: BlockNumber; isBusy: boolean }> {
  const latest = chain.tags().latest.number;
  for (let at: number = from; at >= 0 && at <= latest; at += step * HEADERS) {
    const [low, high] = step > 0 ? [at, Math.min(at + HEADERS - 1, latest)] : [Math.max(at - HEADERS + 1, 0), at];
    const headers = await execution.headers(blockNumber(low), blockNumber(high));
    for (const { number, gasUsed } of step > 0 ? headers : headers.toReversed()) yield { number, isBusy: gasUsed > 0n };
  }
}

async function mentioned({ execution }: ModuleDeps, number: BlockNumber, who: Bytes, step: 1 | -1): Promise<Found[]> {
  const traces = await execution.trace({ block: number }, { own: "mentions", config: { address: to0x(who) } });
  if (traces.every(({ result }) => result !== "true")) return [];
  const [txs, receipts] = [await execution.transactions(number), await execution.receipts(number)];
  const found = traces.flatMap(({ result }, i) => {
    const [tx, receipt] = [txs[i], receipts[i]];
    return result === "true" && tx !== undefined && receipt !== undefined ? [{ tx, receipt }] : [];
  });
  return step > 0 ? found : found.reverse();
}

function page(found: readonly Found[], ends: { firstPage: boolean; lastPage: boolean }): Record<string, unknown> {
  return { txs: found.map(({ tx }) => renderTransaction(tx)), receipts: found.map(({ receipt }) => otsReceipt(receipt)), ...ends };
}
