import { blockNumber } from "@noema/core/block-number";
import type { BlockNumber } from "@noema/core/ports/bytes";
import type { HeaderRecord } from "@noema/execution/records";
import { blobBaseFee, maxBlobGas } from "@noema/execution/rules/fees";
import { forkOf } from "@noema/execution/rules/forks";
import { numberOrTag } from "../../ethereum/block-id.ts";
import { AT_STATE } from "../../ethereum/error-sets.ts";
import { SUGGESTED_TIP } from "../../ethereum/fill-transaction.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import { method, type Parser, type RpcMethod } from "../../json-rpc/method.ts";
import { array, count, optional } from "../../json-rpc/parsers.ts";
import { list, members, NUMBER, QUANTITY } from "../../json-rpc/schema.ts";
import type { EthContext } from "./context.ts";
import { headersOf } from "./headers.ts";

const MAX_FEE_BLOCKS = 1024; // geth's limit
const MAX_PERCENTILES = 100;

const HISTORY = members(
  { oldestBlock: QUANTITY, gasUsedRatio: list(NUMBER) },
  { baseFeePerGas: list(QUANTITY), baseFeePerBlobGas: list(QUANTITY), blobGasUsedRatio: list(NUMBER), reward: list(list(QUANTITY)) },
);

const percentile: Parser<number> = {
  schema: { type: "number", minimum: 0, maximum: 100 },
  read(value, name) {
    if (typeof value !== "number" || !(value >= 0 && value <= 100)) throw invalidParams(`${name}: expected a number from 0 to 100`);
    return value;
  },
};

/** Tips paid at the given percentiles of the block's gas, cheapest first. */
async function rewards(c: EthContext, header: HeaderRecord, percentiles: readonly number[]): Promise<string[]> {
  if (header.gasUsed === 0n) return percentiles.map(() => "0x0");
  const paid = (await c.execution.receipts(header.number))
    .map((r) => ({ tip: r.effectiveGasPrice - header.baseFeePerGas, gas: r.gasUsed }))
    .sort((a, b) => (a.tip < b.tip ? -1 : a.tip > b.tip ? 1 : 0));
  return percentiles.map((p) => {
    const threshold = (Number(header.gasUsed) * p) / 100;
    let sum = 0;
    for (const { tip, gas } of paid) {
      sum += Number(gas);
      if (sum >= threshold) return quantityHex(tip);
    }
    return quantityHex((paid.at(-1) as { tip: bigint }).tip);
  });
}

async function feeHistory(c: EthContext, blocks: number, newest: BlockNumber, percentiles: readonly number[] | undefined) {
  const oldest = blockNumber(Math.max(0, newest - blocks + 1));
  const headers = await headersOf(c, oldest, newest);
  const next = await c.execution.feesAfter(newest);
  const fork = forkOf(c.fork);
  const blobGas = Number(maxBlobGas(fork));
  const reward: string[][] = []; // one block's receipts in memory at a time
  if (percentiles !== undefined) for (const header of headers) reward.push(await rewards(c, header, percentiles));
  const blobFees = headers.map((b) => blobBaseFee(fork, b.excessBlobGas));
  return {
    oldestBlock: quantityHex(oldest),
    baseFeePerGas: [...headers.map((b) => b.baseFeePerGas), next.baseFeePerGas].map(quantityHex),
    gasUsedRatio: headers.map((b) => Number(b.gasUsed) / Number(b.gasLimit)),
    baseFeePerBlobGas: [...blobFees, next.blobBaseFee].map(quantityHex),
    blobGasUsedRatio: headers.map((b) => (blobGas === 0 ? 0 : Number(b.blobGasUsed) / blobGas)),
    ...(percentiles === undefined ? {} : { reward }),
  };
}

export function feeMethods(c: EthContext): Record<string, RpcMethod> {
  return {
    eth_gasPrice: method({
      summary: "wei for each gas with which a transaction is in the next block",
      params: [],
      result: QUANTITY,
      run: () => quantityHex(c.chain.nextFees().baseFeePerGas + SUGGESTED_TIP),
    }),
    eth_maxPriorityFeePerGas: method({
      summary: "a tip that is enough",
      params: [],
      result: QUANTITY,
      run: () => quantityHex(SUGGESTED_TIP),
    }),
    eth_baseFee: method({
      summary: "the next block's base fee",
      params: [],
      result: QUANTITY,
      run: () => quantityHex(c.chain.nextFees().baseFeePerGas),
    }),
    eth_blobBaseFee: method({
      summary: "the next block's base fee of blobs",
      params: [],
      result: QUANTITY,
      run: () => quantityHex(c.chain.nextFees().blobBaseFee),
    }),
    eth_feeHistory: method({
      summary: `fees and fullness of at most ${MAX_FEE_BLOCKS} blocks and of the next, and tips that were paid, by percentiles of gas`,
      params: [
        ["block count", count(Number.MAX_SAFE_INTEGER)],
        ["newest block", numberOrTag],
        ["percentiles", optional(array(percentile, MAX_PERCENTILES))],
      ],
      result: HISTORY,
      errors: AT_STATE,
      async run(blocks, id, percentiles) {
        const at = (percentiles ?? []).findIndex((p, i, all) => i > 0 && p <= (all[i - 1] as number));
        if (percentiles !== undefined && at > 0)
          throw invalidParams(`invalid reward percentile: #${at - 1}:${percentiles[at - 1]} >= #${at}:${percentiles[at]}`);
        const newest = await c.blocks.require(id);
        if (blocks === 0) return { oldestBlock: "0x0", gasUsedRatio: [] };
        return feeHistory(c, Math.min(blocks, MAX_FEE_BLOCKS), newest, percentiles);
      },
    }),
  };
}
