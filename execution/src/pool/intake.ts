/** How a transaction comes into the pool: from a client or a peer, and from the journal after a restart. */
import { to0x, toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { AccountReading, ReadAccounts } from "./accounts.ts";
import { checkAdmission, checkOffer, checkSender } from "./admission.ts";
import { checkProofs, readArrival } from "./arrive.ts";
import { createEntry, type Entry, type Origin } from "./entry.ts";
import { poolError } from "./errors.ts";
import { createEvictionOrder, selectVictims, trackEntry } from "./eviction.ts";
import type { PoolJournal } from "./journal.ts";
import { insertEntry, type Ledger, queueOfEntry, removeEntry, setAccount } from "./ledger.ts";
import type { PoolOptions } from "./options.ts";
import type { PoolDeps } from "./pool-interface.ts";

/** Replayed transactions whose senders and accounts are asked for at once. */
const REPLAY_CHUNK = 256;

export type Intake = {
  /** The entry is in the pool; `durable` resolves when its acceptance is. Throws TX_*, RLP_INVALID, POOL_*. */
  receive(raw: Bytes, origin: Origin): Promise<{ entry: Entry; durable: Promise<void> }>;
  /** Takes the journal in. */
  replay(): Promise<Replayed>;
};

/** A journal keeps what has left the pool until it is compacted, so that most of it is history after a clean run too. */
export type Replayed = {
  /** In the pool again. */
  restored: number;
  /** Their nonces are used: by themselves, or by what replaced them. */
  alreadyIncluded: number;
  /** The state, the rules or the pool admit them no more. */
  refused: number;
};

type Context = {
  options: PoolOptions;
  deps: PoolDeps;
  ledger: Ledger;
  journal: PoolJournal;
  read: ReadAccounts;
  onEvicted(count: number): void;
};

export function createIntake({ options, deps, ledger, journal, read, onEvicted }: Context): Intake {
  const order = createEvictionOrder();

  function leave(entry: Entry): void {
    removeEntry(ledger, entry);
    journal.forget(entry);
  }

  /** Synchronous from check to insertion, so that two arrivals cannot pass each other. `write` comes before any change. */
  function admit(entry: Entry, reading: AccountReading, write: () => void): void {
    if (ledger.byHash.has(entry.key)) throw known(entry.tx.hash);
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
  }

  /** A client sends what the pool knows: the answer "known" promises as much as acceptance does. */
  async function refuseKnown(hash: Hash, origin: Origin): Promise<void> {
    const entry = ledger.byHash.get(toHex(hash));
    if (entry === undefined) return;
    if (origin === "local") {
      entry.origin = "local";
      if (entry.position === undefined) journal.append(entry);
      await journal.sync();
    }
    throw known(hash);
  }

  return {
    async receive(raw, origin) {
      const arrival = readArrival(raw, deps.chainId, deps.fork);
      const { tx, sidecar } = arrival;
      await refuseKnown(tx.hash, origin);
      checkOffer(tx, { maxTransactionGas: deps.maxTransactionGas, baseFee: deps.baseFee() });
      const seenMs = Math.floor(deps.clock.nowMs());
      const sender = await deps.recover(tx);
      await checkProofs(tx, sidecar, deps.verifySidecar);
      const [reading] = await read([sender]);
      await checkSender(sender, (reading as AccountReading).codeHash, deps.code);
      await refuseKnown(tx.hash, origin);
      const entry = createEntry({ ...arrival, sender, origin, seenMs }, deps.baseFee());
      admit(entry, reading as AccountReading, () => origin === "local" && journal.append(entry));
      return { entry, durable: origin === "local" ? journal.sync() : Promise.resolve() };
    },
    async replay() {
      const count: Replayed = { restored: 0, alreadyIncluded: 0, refused: 0 };
      for (const records of chunks(journal.replay(), REPLAY_CHUNK)) {
        const entries = await Promise.all(records.map(revive));
        const alive = entries.filter((entry) => entry !== undefined);
        const readings = await read(alive.map((entry) => entry.sender));
        for (const [i, { position, wire }] of records.entries()) {
          const entry = entries[i];
          const outcome = entry === undefined ? "refused" : readmit(entry, readings[alive.indexOf(entry)] as AccountReading);
          journal.adopt(position, wire.length, outcome === "restored" ? entry : undefined);
          if (outcome !== "known") count[outcome]++;
        }
      }
      return count;
    },
  };

  async function revive({ wire, seenMs }: { wire: Bytes; seenMs: number }): Promise<Entry | undefined> {
    try {
      const arrival = readArrival(wire, deps.chainId, deps.fork);
      return createEntry({ ...arrival, sender: await deps.recover(arrival.tx), origin: "local", seenMs }, deps.baseFee());
    } catch (error) {
      if (isNoemaError(error)) return undefined;
      throw error;
    }
  }

  /** "known": the record stands twice, since a crash cut off a compaction. */
  function readmit(entry: Entry, reading: AccountReading): keyof Replayed | "known" {
    try {
      admit(entry, reading, () => {});
      return "restored";
    } catch (error) {
      if (isNoemaError(error, "POOL_KNOWN")) return "known";
      if (isNoemaError(error, "TX_NONCE_TOO_LOW")) return "alreadyIncluded";
      if (isNoemaError(error)) return "refused";
      throw error;
    }
  }
}

/** The queue may have seen a block that the reading had not. */
function newest(reading: AccountReading, queue: { nonce: bigint; balance: bigint; query: number } | undefined): AccountReading {
  if (queue === undefined || queue.nonce < reading.nonce) return reading;
  return { ...reading, nonce: queue.nonce, balance: queue.balance, query: queue.query };
}

function known(hash: Hash): Error {
  return poolError("POOL_KNOWN", `already known: ${to0x(hash)}`, { hash: to0x(hash) });
}

function* chunks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    if (chunk.push(item) < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
