/**
 * eth_getTransactionBySenderAndNonce. No index is kept for it: an account's nonce never falls, so the block at which it passed
 * the one asked for is found by bisection of the kept states, and the transaction stands in that block. A nonce that another way
 * used up (an authorization of EIP-7702, a contract's CREATE) has none.
 */
import { blockNumber } from "@noema/core/block-number";
import { equalBytes } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { BlockNumber, Bytes } from "@noema/core/ports/bytes";
import type { TransactionRecord } from "@noema/execution/api";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import { renderPooled, renderTransaction } from "../../ethereum/render-transaction.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { address, quantity } from "../../json-rpc/parsers.ts";
import type { EthContext } from "./context.ts";

const MAX_NONCE = 2n ** 64n - 1n;

/** Throws STATE_PRUNED when the nonce was used below the oldest kept state. */
async function findIncluded(c: EthContext, sender: Bytes, nonce: bigint): Promise<TransactionRecord | undefined> {
  let [low, high]: [BlockNumber, BlockNumber] = [blockNumber(0), c.chain.tags().latest.number];
  let pruned: { number: BlockNumber; error: Error } | undefined;
  if (!(await passed(high))) return undefined;
  while (low < high) {
    const middle = blockNumber(Math.floor((low + high) / 2));
    if (await passed(middle)) high = middle;
    else low = blockNumber(middle + 1);
  }
  const records = await c.execution.transactions(high);
  const found = records.find((x) => equalBytes(x.sender, sender) && decodeTransaction(x.raw).nonce === nonce);
  if (found === undefined && pruned?.number === high - 1) throw pruned.error;
  return found;

  /** States that are gone count as before it. */
  async function passed(number: BlockNumber): Promise<boolean> {
    try {
      return (await c.execution.account(number, sender)).nonce > nonce;
    } catch (error) {
      if (!isNoemaError(error, "STATE_PRUNED")) throw error;
      pruned = { number, error };
      return false;
    }
  }
}

export function nonceMethods(c: EthContext): Record<string, RpcMethod> {
  const params = [["sender", address] as const, ["nonce", quantity(MAX_NONCE)] as const] as const;
  return {
    eth_getTransactionBySenderAndNonce: method(params, async (sender, nonce) => {
      const pooled = c.pool.bySender(sender, nonce);
      if (pooled !== undefined) return renderPooled(pooled);
      const record = await findIncluded(c, sender, nonce);
      return record && renderTransaction(record);
    }),
  };
}
