/** An entry's way into the ledger. */
import { to0x } from "@noema/core/bytes";
import type { NoemaError } from "@noema/core/errors";
import type { Hash } from "@noema/core/ports/bytes";
import type { AccountReading } from "./accounts.ts";
import { checkAdmission } from "./admission.ts";
import type { Entry } from "./entry.ts";
import { poolError } from "./errors.ts";
import { createEvictionOrder, selectVictims, trackEntry } from "./eviction.ts";
import type { Fate } from "./fates.ts";
import type { PoolJournal } from "./journal.ts";
import { insertEntry, type Ledger, queueOfEntry, removeEntry } from "./ledger.ts";
import type { PoolOptions } from "./options.ts";

/** `account`: the sender's, as it is now. Throws TX_*, POOL_*, and `missing` where nothing of the account speaks against it. */
export type Admit = (entry: Entry, account: AccountReading, missing?: NoemaError) => void;

type Deps = {
  options: PoolOptions;
  ledger: Ledger;
  journal: PoolJournal;
  onEvicted(count: number): void;
  /** Of one that has left, and why. */
  onLeft(entry: Entry, fate: Fate): void;
};

/** Synchronous from check to insertion, so that two arrivals cannot pass each other. */
export function createAdmit({ options, ledger, journal, onEvicted, onLeft }: Deps): Admit {
  const order = createEvictionOrder();

  function leave(entry: Entry, fate: Fate): void {
    removeEntry(ledger, entry);
    journal.forget(entry);
    onLeft(entry, fate);
  }

  return (entry, account, missing) => {
    if (ledger.byHash.has(entry.key)) throw knownError(entry.tx.hash);
    const queue = queueOfEntry(ledger, entry);
    const replaced = checkAdmission(entry, account, queue, options);
    if (missing !== undefined) throw missing;
    const victims = selectVictims(order, ledger, entry, replaced, options);
    const { hash } = entry.tx;
    if (replaced !== undefined)
      leave(replaced, { code: "POOL_REPLACED", message: `${to0x(hash)} of the same nonce pays more`, replacedBy: hash });
    for (const victim of victims) leave(victim, { code: "POOL_EVICTED", message: `the pool was full, and ${to0x(hash)} pays more` });
    onEvicted(victims.length);
    insertEntry(ledger, entry, account);
    trackEntry(order, ledger, entry);
  };
}

export function knownError(hash: Hash): NoemaError {
  return poolError("POOL_KNOWN", `already known: ${to0x(hash)}`, { hash: to0x(hash) });
}
