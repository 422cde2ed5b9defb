/**
 * The transaction of a sender and a nonce. No index is kept for it: an account's nonce never falls, so the block at which it passed
 * the one asked for is found by bisection of the kept states, and the transaction stands in that block. A nonce that another way
 * used up (an authorization of EIP-7702, a contract's CREATE) has none.
 */
import { equalBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { TransactionRecord } from "@noema/execution/records";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import type { RpcDeps } from "../deps.ts";
import { firstBlockWhere } from "./first-block.ts";

/** Throws STATE_PRUNED when the nonce was used below the oldest kept state. */
export async function findByNonce(deps: RpcDeps, sender: Bytes, nonce: bigint): Promise<TransactionRecord | undefined> {
  const { execution } = deps;
  const first = await firstBlockWhere(deps, async (number) => (await execution.account(number, sender)).nonce > nonce);
  if (first === undefined) return undefined;
  const records = await execution.transactions(first.number);
  const found = records.find((x) => equalBytes(x.sender, sender) && decodeTransaction(x.raw).nonce === nonce);
  if (found === undefined && first.pruned !== undefined) throw first.pruned;
  return found;
}
