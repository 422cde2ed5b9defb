/** Transactions that stand in a batch, ours or another validator's: not offered until they come back or time is up. */
import { toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { type Ledger, markEntry, releaseEntry } from "./ledger.ts";
import type { PoolOptions } from "./options.ts";

export function markElsewhere(ledger: Ledger, hashes: readonly Hash[], nowMs: number): void {
  for (const hash of hashes) {
    const entry = ledger.byHash.get(toHex(hash));
    if (entry !== undefined) markEntry(ledger, entry, "elsewhere", nowMs);
  }
}

export function releaseRaw(ledger: Ledger, raws: readonly Bytes[]): void {
  for (const raw of raws) {
    const entry = ledger.byHash.get(toHex(keccak256(raw)));
    if (entry !== undefined) releaseEntry(ledger, entry);
  }
}

/** Returns how many came back because nothing was heard of their batch. */
export function releaseOverdue(ledger: Ledger, options: PoolOptions, nowMs: number): number {
  let count = 0;
  for (const entry of ledger.inFlight) {
    const overdue = ledger.height - entry.markedHeight >= options.inFlightHeights || nowMs - entry.markedMs >= options.inFlightMs;
    if (!overdue) break;
    releaseEntry(ledger, entry);
    count++;
  }
  return count;
}

/** When the oldest in flight is offered again if nothing is heard of it; Infinity when there is none. */
export function overdueMs(ledger: Ledger, options: PoolOptions): number {
  for (const entry of ledger.inFlight) return entry.markedMs + options.inFlightMs;
  return Number.POSITIVE_INFINITY;
}
