/** What the pool holds, and the sums over it. Every change of membership or state goes through here, so the sums stay true. */
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { AccountReading } from "./accounts.ts";
import { type Entry, isInFlight } from "./entry.ts";

export type SenderQueue = {
  readonly key: string;
  readonly address: Bytes;
  /** Of `latest`, as it is told by each block that changes it: entries below its nonce are gone. */
  account: AccountReading;
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
  /** Counts changes of membership. */
  version: number;
};

export function createLedger(): Ledger {
  return { byHash: new Map(), senders: new Map(), offering: new Set(), inFlight: new Set(), bytes: 0, height: 0, version: 0 };
}

export function queueOf(ledger: Ledger, address: Bytes): SenderQueue | undefined {
  return ledger.senders.get(toHex(address));
}

export function queueOfEntry(ledger: Ledger, entry: Entry): SenderQueue | undefined {
  return ledger.senders.get(entry.senderKey);
}

/** The slot (sender, nonce) is free: the caller has removed what it replaces. */
export function insertEntry(ledger: Ledger, entry: Entry, account: AccountReading): SenderQueue {
  const key = entry.senderKey;
  let queue = ledger.senders.get(key);
  if (queue === undefined) {
    queue = { key, address: entry.sender, account, byNonce: new Map(), cost: 0n, idle: 0 };
    ledger.senders.set(key, queue);
  }
  queue.byNonce.set(entry.tx.nonce, entry);
  queue.cost += entry.cost;
  ledger.byHash.set(entry.key, entry);
  ledger.bytes += entry.tx.raw.length;
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
  ledger.bytes -= entry.tx.raw.length;
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

/** The account is this now, its nonce perhaps a lower one. Returns what it has passed, which is removed. */
export function setAccount(ledger: Ledger, queue: SenderQueue, account: AccountReading): Entry[] {
  const { nonce } = account;
  const isPassed = nonce > queue.account.nonce;
  queue.account = account;
  ledger.version++;
  const passed = isPassed ? [...queue.byNonce.values()].filter((entry) => entry.tx.nonce < nonce) : [];
  for (const entry of passed) removeEntry(ledger, entry);
  return passed;
}

/** Entries that can execute one after the other from the state's nonce on. */
export function* executable(queue: SenderQueue): Generator<Entry> {
  for (let { nonce } = queue.account; ; nonce++) {
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
