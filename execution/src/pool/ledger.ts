/** What the pool holds, and the sums over it. Every change of membership or state goes through here, so the sums stay true. */
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { type Entry, isInFlight } from "./entry.ts";

export type SenderQueue = {
  readonly key: string;
  readonly address: Bytes;
  /** Of the newest known state: entries below are gone. */
  nonce: bigint;
  balance: bigint;
  /** Order of the account query that gave nonce and balance: an older answer never overwrites a newer one. */
  query: number;
  readonly byNonce: Map<bigint, Entry>;
  /** Sum of the entries' costs. */
  cost: bigint;
  idle: number;
};

export type Ledger = {
  readonly byHash: Map<string, Entry>;
  readonly senders: Map<string, SenderQueue>;
  /** Senders with an idle entry. */
  readonly offering: Set<SenderQueue>;
  /** Oldest mark first. */
  readonly inFlight: Set<Entry>;
  bytes: number;
  height: number;
  queries: number;
  /** Counts changes of membership. */
  version: number;
};

export function createLedger(): Ledger {
  return { byHash: new Map(), senders: new Map(), offering: new Set(), inFlight: new Set(), bytes: 0, height: 0, queries: 0, version: 0 };
}

export function queueOf(ledger: Ledger, address: Bytes): SenderQueue | undefined {
  return ledger.senders.get(toHex(address));
}

export function queueOfEntry(ledger: Ledger, entry: Entry): SenderQueue | undefined {
  return ledger.senders.get(entry.senderKey);
}

/** The slot (sender, nonce) is free: the caller has removed what it replaces. */
export function insertEntry(ledger: Ledger, entry: Entry, account: { nonce: bigint; balance: bigint; query: number }): SenderQueue {
  const key = entry.senderKey;
  let queue = ledger.senders.get(key);
  if (queue === undefined) {
    queue = { key, address: entry.sender, ...account, byNonce: new Map(), cost: 0n, idle: 0 };
    ledger.senders.set(key, queue);
  }
  queue.byNonce.set(entry.tx.nonce, entry);
  queue.cost += entry.cost;
  ledger.byHash.set(entry.key, entry);
  ledger.bytes += entry.wire.length;
  ledger.version++;
  countIdle(ledger, queue, 1);
  return queue;
}

export function removeEntry(ledger: Ledger, entry: Entry): void {
  const queue = queueOfEntry(ledger, entry);
  if (entry.state === "gone" || queue === undefined) return;
  if (entry.state === "idle") countIdle(ledger, queue, -1);
  ledger.inFlight.delete(entry);
  entry.state = "gone";
  queue.byNonce.delete(entry.tx.nonce);
  queue.cost -= entry.cost;
  ledger.byHash.delete(entry.key);
  ledger.bytes -= entry.wire.length;
  ledger.version++;
  if (queue.byNonce.size === 0) ledger.senders.delete(queue.key);
}

export function markEntry(ledger: Ledger, entry: Entry, state: "taken" | "elsewhere", nowMs: number): void {
  if (entry.state !== "idle") return;
  countIdle(ledger, queueOfEntry(ledger, entry) as SenderQueue, -1);
  entry.state = state;
  entry.markedHeight = ledger.height;
  entry.markedMs = nowMs;
  ledger.inFlight.add(entry);
}

/** Offered again. */
export function releaseEntry(ledger: Ledger, entry: Entry): void {
  if (!isInFlight(entry)) return;
  entry.state = "idle";
  ledger.inFlight.delete(entry);
  countIdle(ledger, queueOfEntry(ledger, entry) as SenderQueue, 1);
}

/** Takes over a newer state and removes what it has passed; returns the removed. */
export function setAccount(ledger: Ledger, queue: SenderQueue, account: { nonce: bigint; balance: bigint; query: number }): Entry[] {
  if (account.query < queue.query) return [];
  queue.query = account.query;
  queue.balance = account.balance;
  return advanceNonce(ledger, queue, account.nonce);
}

/** The account is this now, its nonce perhaps a lower one: what was asked of it before does not count. Returns the removed. */
export function resetAccount(ledger: Ledger, queue: SenderQueue, { nonce, balance }: { nonce: bigint; balance: bigint }): Entry[] {
  queue.query = ++ledger.queries;
  queue.balance = balance;
  if (nonce < queue.nonce) queue.nonce = nonce;
  ledger.version++;
  return advanceNonce(ledger, queue, nonce);
}

export function advanceNonce(ledger: Ledger, queue: SenderQueue, nonce: bigint): Entry[] {
  if (nonce <= queue.nonce) return [];
  queue.nonce = nonce;
  const passed = [...queue.byNonce.values()].filter((entry) => entry.tx.nonce < nonce);
  for (const entry of passed) removeEntry(ledger, entry);
  return passed;
}

/** Entries that can execute one after the other from the state's nonce on. */
export function* executable(queue: SenderQueue): Generator<Entry> {
  for (let nonce = queue.nonce; ; nonce++) {
    const entry = queue.byNonce.get(nonce);
    if (entry === undefined) return;
    yield entry;
  }
}

function countIdle(ledger: Ledger, queue: SenderQueue, by: 1 | -1): void {
  queue.idle += by;
  if (queue.idle > 0) ledger.offering.add(queue);
  else ledger.offering.delete(queue);
}
