import type { NextBlock } from "@noema/execution/api";
import type { RpcDeps } from "../deps.ts";

/** Of the pool's transactions, as many as can run in the time that a question about the next block has (execution/src/service). */
const MAX_TRANSACTIONS = 256;

/** The block that would be made now. */
export function nextBlock({ pool, clock }: Pick<RpcDeps, "pool" | "clock">): NextBlock {
  const { version, transactions } = pool.next();
  return { timestampMs: clock.nowMs(), pool: { version, txs: transactions.slice(0, MAX_TRANSACTIONS).map(({ tx }) => tx.raw) } };
}
