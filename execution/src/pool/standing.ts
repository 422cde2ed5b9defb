/** Where a transaction stands that is in no block as far as the pool knows, and what keeps it there. */
import { to0x } from "@noema/core/bytes";
import { effectiveTip } from "../rules/fees.ts";
import { type Entry, isInFlight } from "./entry.ts";
import type { Fate } from "./fates.ts";
import { executable, type Ledger, queueOfEntry, type SenderQueue } from "./ledger.ts";

/** `reason`: why the next block could not hold it, or why the last that tried did not. */
export type Standing = { state: "pending" | "queued"; inFlight: boolean; reason?: Fate } | { state: "dropped"; reason: Fate };

export function standingOf(ledger: Ledger, entry: Entry, baseFee: bigint): Standing {
  const queue = queueOfEntry(ledger, entry) as SenderQueue;
  const inFlight = isInFlight(entry);
  let spent = 0n;
  let next = queue.account.nonce;
  for (const earlier of executable(queue)) {
    spent += earlier.cost;
    next++;
    if (earlier !== entry) continue;
    const reason = unaffordable(spent, queue.account.balance) ?? tooCheap(entry, baseFee) ?? entry.skipped;
    return { state: "pending", inFlight, ...(reason && { reason }) };
  }
  const message = `its nonce is ${entry.tx.nonce}, and nothing here has nonce ${next} of ${to0x(entry.sender)}`;
  return { state: "queued", inFlight, reason: { code: "SKIP_NONCE_TOO_HIGH", message } };
}

function unaffordable(spent: bigint, balance: bigint): Fate | undefined {
  if (spent <= balance) return undefined;
  const message = `the sender has ${balance} wei; this and what comes before it may cost ${spent}`;
  return { code: "TX_INSUFFICIENT_FUNDS", message };
}

function tooCheap({ tx }: Entry, baseFee: bigint): Fate | undefined {
  if (effectiveTip(tx, baseFee) >= 0n) return undefined;
  return { code: "TX_FEE_CAP_TOO_LOW", message: `maxFeePerGas is ${tx.maxFeePerGas}, the next block's base fee ${baseFee}` };
}
