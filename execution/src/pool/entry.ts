import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { effectiveTip, maxCost } from "../rules/fees.ts";
import type { BlobSidecar, Transaction } from "../transactions/transaction.ts";

/** local: its acceptance was promised to a client, and survives in the journal. peer: heard from another node. */
export type Origin = "local" | "peer";

export type Entry = {
  readonly tx: Transaction;
  /** Hex of the hash. */
  readonly key: string;
  readonly sender: Bytes;
  /** Hex of the sender. */
  readonly senderKey: string;
  /** Raised to local when a client sends what a peer had sent. */
  origin: Origin;
  readonly seenMs: number;
  /** As it was sent, with a sidecar if it had one. */
  readonly wire: Bytes;
  readonly sidecar?: BlobSidecar;
  /** Wei that the sender must have. */
  readonly cost: bigint;
  /** Effective tip when it came: what eviction compares. */
  readonly price: bigint;
  /** idle: may be offered. taken: in a batch of ours. elsewhere: in another validator's batch. gone: left the pool. */
  state: "idle" | "taken" | "elsewhere" | "gone";
  /** When it went in flight. */
  markedHeight: number;
  markedMs: number;
  /** In the journal. */
  position?: number;
};

export type PooledTransaction = { tx: Transaction; sender: Bytes; seenMs: number; sidecar?: BlobSidecar };

export function createEntry(
  what: { tx: Transaction; sidecar?: BlobSidecar; wire: Bytes; sender: Bytes; origin: Origin; seenMs: number },
  baseFee: bigint,
): Entry {
  const cost = maxCost(what.tx);
  const price = effectiveTip(what.tx, baseFee);
  return { ...what, key: toHex(what.tx.hash), senderKey: toHex(what.sender), cost, price, state: "idle", markedHeight: 0, markedMs: 0 };
}

export function isInFlight(entry: Entry): boolean {
  return entry.state === "taken" || entry.state === "elsewhere";
}

export function toPooled({ tx, sender, seenMs, sidecar }: Entry): PooledTransaction {
  return { tx, sender, seenMs, ...(sidecar && { sidecar }) };
}
