import type { NextBlock } from "@noema/execution/api";
import type { RpcDeps } from "../deps.ts";

/**
 * Gas limits of the pool's transactions that a question about the next block takes into account: one of the largest (EIP-7825), and the first
 * whatever it asks for, where a chain lifts that cap.
 */
const MAX_GAS = 2n ** 24n;
const MAX_TRANSACTIONS = 256;

/** The block that would be made now. Execution runs its transactions for a limited time too. */
export function nextBlock({ pool, clock }: Pick<RpcDeps, "pool" | "clock">): NextBlock {
  const { version, transactions } = pool.next();
  const txs: Uint8Array[] = [];
  let gas = 0n;
  for (const { tx } of transactions) {
    gas += tx.gasLimit;
    if ((txs.length > 0 && gas > MAX_GAS) || txs.length === MAX_TRANSACTIONS) break;
    txs.push(tx.raw);
  }
  return { timestampMs: clock.nowMs(), pool: { version, txs } };
}
