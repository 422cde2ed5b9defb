/** An entry's way into the ledger. */
import { to0x } from "@noema/core/bytes";
import type { NoemaError } from "@noema/core/errors";
import type { Hash } from "@noema/core/ports/bytes";
import type { AccountReading } from "./accounts.ts";
import { checkAdmission } from "./admission.ts";
import type { Entry } from "./entry.ts";
import { poolError } from "./errors.ts";
import { createEvictionOrder, selectVictims, trackEntry } from "./eviction.ts";
import type { PoolJournal } from "./journal.ts";
import { insertEntry, type Ledger, queueOfEntry, removeEntry, setAccount } from "./ledger.ts";
import type { PoolOptions } from "./options.ts";

/** `write` comes before any change. Throws TX_*, POOL_*. */
export type Admit = (entry: Entry, reading: AccountReading, write: () => void) => void;

type Deps = { options: PoolOptions; ledger: Ledger; journal: PoolJournal; onEvicted(count: number): void };

/** Synchronous from check to insertion, so that two arrivals cannot pass each other. */
export function createAdmit({ options, ledger, journal, onEvicted }: Deps): Admit {
  const order = createEvictionOrder();

  function leave(entry: Entry): void {
    removeEntry(ledger, entry);
    journal.forget(entry);
  }

  return (entry, reading, write) => {
    if (ledger.byHash.has(entry.key)) throw knownError(entry.tx.hash);
    const before = queueOfEntry(ledger, entry);
    for (const passed of before ? setAccount(ledger, before, reading) : []) journal.forget(passed);
    const account = newest(reading, before);
    const queue = queueOfEntry(ledger, entry);
    const replaced = checkAdmission(entry, account, queue, options);
    const victims = selectVictims(order, ledger, entry, replaced, options);
    write();
    if (replaced !== undefined) leave(replaced);
    for (const victim of victims) leave(victim);
    onEvicted(victims.length);
    insertEntry(ledger, entry, account);
    trackEntry(order, ledger, entry);
  };
}

/** The queue may have seen a block that the reading had not. */
function newest(reading: AccountReading, queue: { nonce: bigint; balance: bigint; query: number } | undefined): AccountReading {
  if (queue === undefined || queue.nonce < reading.nonce) return reading;
  return { ...reading, nonce: queue.nonce, balance: queue.balance, query: queue.query };
}

export function knownError(hash: Hash): NoemaError {
  return poolError("POOL_KNOWN", `already known: ${to0x(hash)}`, { hash: to0x(hash) });
}
