/** What a block that was executed changes in the pool. */
import { toHex } from "@noema/core/bytes";
import type { ExecutedBlock } from "../api.ts";
import type { Entry } from "./entry.ts";
import { advanceNonce, type Ledger, queueOf, queueOfEntry, releaseEntry, removeEntry, resetAccount, type SenderQueue } from "./ledger.ts";

/** Accounts read again after one block because their balance holds transactions back. */
const MAX_STARVED = 256;

/** Synchronous: the next `take` already sees it. Included and passed nonces leave, what was skipped comes back when it may
 *  be valid later and leaves when not. Returns who left, and the senders whose account must be read again. */
export function applyBlock(ledger: Ledger, block: ExecutedBlock): { left: Entry[]; touched: Set<SenderQueue> } {
  const left: Entry[] = [];
  const touched = new Set<SenderQueue>();
  ledger.height = Math.max(ledger.height, block.result.height);
  for (const { sender, nonce } of block.included) {
    const queue = queueOf(ledger, sender);
    if (queue === undefined) continue;
    left.push(...advanceNonce(ledger, queue, nonce + 1n));
    touched.add(queue);
  }
  for (const { hash, retry } of block.skipped) {
    const entry = ledger.byHash.get(toHex(hash));
    if (entry === undefined) continue;
    touched.add(queueOfEntry(ledger, entry) as SenderQueue);
    if (retry) releaseEntry(ledger, entry);
    else {
      removeEntry(ledger, entry);
      left.push(entry);
    }
  }
  for (const account of block.changed) {
    const queue = queueOf(ledger, account.address);
    if (queue !== undefined) left.push(...resetAccount(ledger, queue, account));
  }
  for (const queue of starved(ledger)) touched.add(queue);
  return { left, touched };
}

function* starved(ledger: Ledger): Generator<SenderQueue> {
  let count = 0;
  for (const queue of ledger.offering) {
    if (queue.cost <= queue.balance) continue;
    yield queue;
    if (++count === MAX_STARVED) return;
  }
}
