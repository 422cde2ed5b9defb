import type { Entry } from "./entry.ts";
import { executable, type Ledger } from "./ledger.ts";

/** pending: can execute in order from the state's nonce on; queued: waits for an earlier nonce. Ascending nonces for each sender. */
export function splitContent(ledger: Ledger): { pending: Entry[]; queued: Entry[] } {
  const pending: Entry[] = [];
  const queued: Entry[] = [];
  for (const queue of ledger.senders.values()) {
    const before = pending.length;
    pending.push(...executable(queue));
    if (pending.length - before === queue.byNonce.size) continue;
    const next = queue.account.nonce + BigInt(pending.length - before);
    const later = [...queue.byNonce.values()].filter((entry) => entry.tx.nonce > next);
    queued.push(...later.sort((a, b) => (a.tx.nonce < b.tx.nonce ? -1 : 1)));
  }
  return { pending, queued };
}
