import type { Bytes } from "@noema/core/ports/bytes";
import { effectiveTip, maxCost } from "../rules/fees.ts";
import type { Transaction } from "../transactions/transaction.ts";
import type { Fate } from "./fates.ts";

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
  /** Wei that the sender must have. */
  readonly cost: bigint;
  /** Effective tip when it came: what eviction compares. */
  readonly price: bigint;
  /** idle: may be offered. taken: in a batch of ours. elsewhere: in another validator's batch. gone: left the pool. */
  state: "idle" | "taken" | "elsewhere" | "gone";
  /** When it went in flight. */
  markedHeight: number;
  markedMs: number;
  /** Why the last block that held it did not include it, where it may be included later. */
  skipped: Fate | undefined;
  /** In the journal. */
  position: number | undefined;
};

/** `inFlight`: it stands in a batch, ours or one that is certified. */
export type PooledTransaction = { tx: Transaction; sender: Bytes; seenMs: number; inFlight: boolean };

type Found = Pick<Entry, "tx" | "key" | "sender" | "senderKey" | "origin">;

export function createEntry({ tx, key, sender, senderKey, origin }: Found, seenMs: number, baseFee: bigint): Entry {
  return {
    tx,
    key,
    sender,
    senderKey,
    origin,
    seenMs,
    cost: maxCost(tx),
    price: effectiveTip(tx, baseFee),
    state: "idle",
    markedHeight: 0,
    markedMs: 0,
    skipped: undefined,
    position: undefined,
  };
}

export function isInFlight(entry: Entry): boolean {
  return entry.state === "taken" || entry.state === "elsewhere";
}

export function toPooled(entry: Entry): PooledTransaction {
  const { tx, sender, seenMs } = entry;
  return { tx, sender, seenMs, inFlight: isInFlight(entry) };
}
