/**
 * How transactions come into the pool, many at once: decode, recover, account, admit, one sync. Each stage goes over all that the
 * ones before have not refused, and asks for what it needs in one go.
 */
import { toHex } from "@noema/core/bytes";
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { noSender } from "../transactions/recover-sender.ts";
import type { AccountReading, ReadAccounts } from "./accounts.ts";
import { checkOffer, checkSender } from "./admission.ts";
import { type Admit, knownError } from "./admit.ts";
import { type Arrival, checkProofs, readArrival } from "./arrive.ts";
import { createEntry, type Entry, type Origin } from "./entry.ts";
import type { PoolJournal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { PoolDeps } from "./pool-interface.ts";

/** Entries, in the order of the transactions, are in the pool; `durable` resolves when their acceptance is. Errors are TX_*, RLP_INVALID, POOL_*. */
export type Intake = (raws: readonly Bytes[], origin: Origin) => Promise<{ outcomes: (Entry | NoemaError)[]; durable(): Promise<void> }>;

type Context = { deps: PoolDeps; ledger: Ledger; journal: PoolJournal; read: ReadAccounts; admit: Admit };
/** One on its way: what the stages found, or why it is refused. */
type Arriving = { arrival: Arrival; seenMs: number; sender?: Bytes; reading?: AccountReading; entry?: Entry; refused?: NoemaError };

export function createIntake({ deps, ledger, journal, read, admit }: Context): Intake {
  const { chainId, fork, maxTransactionGas } = deps;

  function decode(raw: Bytes): Arriving | NoemaError {
    try {
      return { arrival: readArrival(raw, chainId, fork), seenMs: Math.floor(deps.clock.nowMs()) };
    } catch (error) {
      if (isNoemaError(error)) return error;
      throw error;
    }
  }

  /** A client sends what the pool knows: the answer "known" promises as much as acceptance does. */
  function checkKnown({ tx }: Arrival, origin: Origin): void {
    const entry = ledger.byHash.get(toHex(tx.hash));
    if (entry === undefined) return;
    if (origin === "local") {
      entry.origin = "local";
      if (entry.position === undefined) journal.append(entry);
    }
    throw knownError(tx.hash);
  }

  async function recover(some: readonly Arriving[]): Promise<void> {
    const senders = await deps.recover(some.map((x) => x.arrival.tx));
    for (const [i, x] of some.entries()) {
      x.sender = senders[i];
      if (x.sender === undefined) x.refused = noSender(x.arrival.tx);
    }
  }

  async function readAccounts(some: readonly Arriving[]): Promise<void> {
    const bySender = Map.groupBy(some, (x) => toHex(x.sender as Bytes));
    const groups = [...bySender.values()];
    const readings = await read(groups.map(([x]) => (x as Arriving).sender as Bytes));
    for (const [i, group] of groups.entries()) for (const x of group) x.reading = readings[i];
  }

  function enter(x: Arriving, origin: Origin): void {
    checkKnown(x.arrival, origin);
    const { arrival, seenMs, sender, reading } = x as Required<Arriving>;
    const entry = createEntry({ ...arrival, sender, origin, seenMs }, deps.baseFee());
    admit(entry, reading, () => origin === "local" && journal.append(entry));
    x.entry = entry;
  }

  return async (raws, origin) => {
    const decoded = raws.map(decode);
    const all = decoded.filter((x) => !(x instanceof Error)) as Arriving[];
    each(all, ({ arrival }) => {
      checkKnown(arrival, origin);
      checkOffer(arrival.tx, { maxTransactionGas, baseFee: deps.baseFee() });
    });
    await together(all, recover);
    await eachLater(all, ({ arrival }) => checkProofs(arrival, deps.verifySidecar));
    await together(all, readAccounts);
    await eachLater(all, ({ sender, reading }) => checkSender(sender as Bytes, (reading as AccountReading).codeHash, deps.code));
    each(all, (x) => enter(x, origin));
    const outcomes = decoded.map((x) => (x instanceof Error ? x : (x.refused ?? (x.entry as Entry))));
    const promised = origin === "local" && all.some((x) => x.entry !== undefined || x.refused?.code === "POOL_KNOWN");
    return { outcomes, durable: async () => (promised ? journal.sync() : undefined) };
  };
}

const alive = (all: readonly Arriving[]) => all.filter((x) => x.refused === undefined);

function refuse(x: Arriving, error: unknown): void {
  if (!isNoemaError(error)) throw error;
  x.refused = error;
}

function each(all: readonly Arriving[], stage: (x: Arriving) => void): void {
  for (const x of alive(all))
    try {
      stage(x);
    } catch (error) {
      refuse(x, error);
    }
}

/** Where there is nothing to wait for it takes one turn for all. */
async function eachLater(all: readonly Arriving[], stage: (x: Arriving) => Promise<void> | undefined): Promise<void> {
  const work = alive(all).map((x) => stage(x)?.catch((error) => refuse(x, error)));
  if (work.some((x) => x !== undefined)) await Promise.all(work);
}

/** One question for all: where it fails, it fails for all. */
async function together(all: readonly Arriving[], stage: (some: readonly Arriving[]) => Promise<void>): Promise<void> {
  const some = alive(all);
  if (some.length === 0) return;
  await stage(some).catch((error) => {
    for (const x of some) refuse(x, error);
  });
}
