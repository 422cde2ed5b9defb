/**
 * The transaction pool: main thread, bounded, journalled.
 *
 * A transaction is decoded once, its sender recovered elsewhere, and checked against its account in `latest` plus what the
 * sender has in the pool already. `addAll(..., "local")` resolves when the journal is fsynced: accepted survives kill -9.
 * The payload lane takes what this validator is the home of; what is taken, or seen in another validator's batch, stays
 * here until a block includes it, and is offered again when it comes back or nothing is heard of it.
 */
import { toHex } from "@noema/core/bytes";
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Metrics } from "@noema/core/ports/metrics";
import { createAccounts } from "./accounts.ts";
import { addOne } from "./add-one.ts";
import { createAdmit } from "./admit.ts";
import { splitContent } from "./content.ts";
import { dropIdle } from "./drop.ts";
import { type Entry, type Origin, type PooledTransaction, toPooled } from "./entry.ts";
import { poolError } from "./errors.ts";
import { applyBlock } from "./executed.ts";
import { createFates, type Fate } from "./fates.ts";
import { gatherTurns } from "./gather.ts";
import { createHomeDelay } from "./home-delay.ts";
import { createImages } from "./images.ts";
import { markElsewhere, overdueMs, releaseOverdue, releaseRaw } from "./in-flight.ts";
import { createIntake, type IntakeOutcome, type Offer } from "./intake.ts";
import { createPoolJournal } from "./journal.ts";
import { createLedger, type Ledger, markEntry, queueOf, queueOfEntry, removeEntry } from "./ledger.ts";
import { selectNext, selectStalled } from "./next.ts";
import { type PoolOptions, poolDefaults } from "./options.ts";
import type { AddOutcome, NextTransactions, Pool, PoolDeps } from "./pool-interface.ts";
import { createReadySignal } from "./ready-signal.ts";
import { replayJournal } from "./replay.ts";
import { takeSidecars } from "./sidecars.ts";
import { standingOf } from "./standing.ts";
import { selectBatch } from "./take.ts";

/** Transactions that are checked without a turn of the event loop between: some 2 ms. */
const MAX_RUN = 256;
/** Above so many transactions what the next block would hold may be as old as this: to choose it from 50,000 senders takes 50 ms. */
const NEXT_EXACT = 1_000;
const NEXT_STALE_MS = 250;

export function createPool(overrides: Partial<PoolOptions>, deps: PoolDeps): Pool {
  const options = { ...poolDefaults, ...overrides };
  const { clock } = deps;
  const ledger = createLedger();
  const counters = declareMetrics(deps.metrics, ledger);
  const journal = createPoolJournal(deps.journal, options.journalSlackBytes);
  const ready = createReadySignal(clock);
  const accounts = createAccounts(deps.accounts, options.accountsKept);
  const fates = createFates();
  const admit = createAdmit({ options, ledger, journal, onEvicted: counters.evicted, onLeft: dropped });
  const { imageBytes } = options;
  const images = createImages({ ledger, journal, accounts, admit, onLeft: dropped, imageBytes, keeps: deps.keepsImages ?? false });
  const receive = createIntake({ deps, ledger, journal, accounts, admit });
  const maxBlobs = deps.fork.blobs?.max ?? 0;
  const dueMs = createHomeDelay(deps.homeRank, options.homeDelayMs, deps.epoch);
  const listeners: ((transaction: PooledTransaction) => void)[] = [];
  let arriving = 0;
  let arrivingBytes = 0;
  let running = false;
  let next: (NextTransactions & { key: string; madeMs: number }) | undefined;

  /** Of a client's own the log tells: it was promised something. */
  function dropped({ tx, key, origin }: Entry, fate: Fate): void {
    fates.tell(key, fate);
    const level = origin === "local" ? "info" : "debug";
    deps.logger.log(level, "a transaction left the pool", { hash: tx.hash, code: fate.code, reason: fate.message });
  }

  function announce(outcomes: readonly IntakeOutcome[]): void {
    let added = 0;
    let dueAt = Number.POSITIVE_INFINITY;
    for (const entry of outcomes) {
      if (entry instanceof Error) continue;
      added++;
      if (entry.state !== "gone") fates.forget(entry.key);
      for (const f of listeners) f(toPooled(entry));
      const queue = queueOfEntry(ledger, entry);
      if (queue !== undefined) dueAt = Math.min(dueAt, dueMs(queue, entry));
    }
    if (added > 0) counters.added(added);
    ready.fireAt(dueAt);
  }

  function compact(): void {
    journal.compact(ledger.byHash.values()).catch((error: unknown) => {
      deps.logger.log("error", "the pool's journal was not compacted", { error: String(error) });
    });
  }

  /** Of one more; it counts as arriving where there is none. */
  function refusalOf(raw: Bytes): NoemaError | undefined {
    if (!running) return poolError("POOL_STOPPED", "the pool does not run");
    if (arriving >= options.maxArriving || arrivingBytes >= options.maxArrivingBytes)
      return poolError("POOL_BUSY", `${arriving} transactions of ${arrivingBytes} bytes are being checked`, {
        limit: options.maxArriving,
        limitBytes: options.maxArrivingBytes,
      });
    arriving++;
    arrivingBytes += raw.length;
    return undefined;
  }

  /** Where the fsync fails nothing is promised of those that are, or were, in the pool. */
  async function settled(told: AddOutcome[], durable: Promise<void> | undefined): Promise<AddOutcome[]> {
    try {
      if (durable !== undefined) await durable;
      return told;
    } catch (error) {
      if (!isNoemaError(error)) throw error;
      deps.logger.log("error", error.message, { error: String(error.cause) });
      return told.map((x) => (isPromised(x) ? { error } : x));
    }
  }

  const admitTurn = gatherTurns(MAX_RUN, async (asked: readonly (readonly Offer[])[]) => {
    const { outcomes, durable } = await receive(asked.flat());
    announce(outcomes);
    let end = 0;
    return asked.map(({ length }) => {
      end += length;
      return { outcomes: outcomes.slice(end - length, end), durable };
    });
  });

  async function addPlain(raws: readonly Bytes[], origin: Origin): Promise<AddOutcome[]> {
    const refusals = raws.map(refusalOf);
    const taken = raws.filter((_, i) => refusals[i] === undefined);
    try {
      const { outcomes, durable } = await admitTurn(taken.map((bytes) => ({ bytes, origin })));
      const told = outcomes.map((x): AddOutcome => (x instanceof Error ? { error: x } : { hash: x.tx.hash }));
      const answered = await settled(told, origin === "local" && told.some(isPromised) ? durable : undefined);
      let at = 0;
      const all = refusals.map((error) => (error === undefined ? (answered[at++] as AddOutcome) : { error }));
      counters.refused(all.filter((x) => "error" in x).length);
      return all;
    } finally {
      arriving -= taken.length;
      for (const raw of taken) arrivingBytes -= raw.length;
    }
  }

  const addAll = takeSidecars(addPlain, deps.sidecars, deps.fork);
  const readingOf = (address: Bytes) => queueOf(ledger, address)?.account ?? accounts.get(toHex(address));

  return {
    async start() {
      const outcome = await replayJournal({ deps, journal, accounts, admit, onRefused: dropped });
      running = true;
      deps.logger.log("info", "pool journal replayed", outcome);
      compact();
      if (ledger.offering.size > 0) ready.fireAt(0);
    },
    async stop() {
      running = false;
      ready.stop();
      await journal.sync();
    },
    addAll,
    add: (raw, origin) => addOne(addAll, raw, origin),
    get(hash) {
      const entry = ledger.byHash.get(toHex(hash));
      return entry && toPooled(entry);
    },
    bySender(sender, nonce) {
      const entry = queueOf(ledger, sender)?.byNonce.get(nonce);
      return entry && toPooled(entry);
    },
    async pendingNonce(address) {
      if (queueOf(ledger, address) === undefined) await accounts.learn([address]);
      const queue = queueOf(ledger, address);
      let nonce = readingOf(address)?.nonce ?? 0n;
      while (queue?.byNonce.has(nonce)) nonce++;
      return nonce;
    },
    async accounts(addresses) {
      await accounts.learn(addresses);
      return addresses.map(readingOf);
    },
    content() {
      const { pending, queued } = splitContent(ledger);
      return { pending: pending.map(toPooled), queued: queued.map(toPooled) };
    },
    status() {
      const { pending, queued } = splitContent(ledger);
      const { bytes, senders, inFlight } = ledger;
      return { pending: pending.length, queued: queued.length, bytes, senders: senders.size, inFlight: inFlight.size };
    },
    next(exact = false) {
      const baseFee = deps.baseFee();
      const blockGas = deps.blockGas();
      const key = `${ledger.version} ${ledger.height} ${baseFee} ${blockGas}`;
      const nowMs = clock.nowMs();
      const isCurrent = next?.key === key || (!exact && ledger.byHash.size > NEXT_EXACT && nowMs - (next?.madeMs ?? 0) < NEXT_STALE_MS);
      if (next === undefined || !isCurrent)
        next = {
          key,
          madeMs: nowMs,
          version: (next?.version ?? 0) + 1,
          transactions: selectNext(ledger, baseFee, blockGas).map(toPooled),
        };
      return next;
    },
    standing(hash) {
      const key = toHex(hash);
      const entry = ledger.byHash.get(key);
      if (entry !== undefined) return standingOf(ledger, entry, deps.baseFee());
      const reason = fates.of(key);
      return reason && { state: "dropped", reason };
    },
    async drop(hashes) {
      const gone = dropIdle(ledger, hashes);
      for (const entry of gone) {
        journal.forget(entry);
        dropped(entry, { code: "POOL_DROPPED", message: "a client of this development chain took it out of the pool" });
      }
      if (gone.length > 0) await journal.cut(ledger.byHash.values());
      return gone.map(({ tx }) => tx.hash);
    },
    stalled: (hashes) => selectStalled(ledger, deps.baseFee(), hashes),
    onAdded: (f) => void listeners.push(f),
    executed(block) {
      for (const { entry, fate } of applyBlock(ledger, accounts, fates, block)) {
        journal.forget(entry);
        if (fate !== undefined) dropped(entry, fate);
      }
      releaseOverdue(ledger, options, clock.nowMs());
      const back = images.apply(block);
      for (const { key } of back) fates.forget(key);
      const isCut = block.operations.length > 0 ? journal.cut(ledger.byHash.values()) : undefined;
      const isWritten = back.length > 0 ? journal.write(back) : undefined; // behind the cut
      const gone =
        isCut &&
        settled(
          [],
          Promise.all([isCut, isWritten]).then(() => undefined),
        );
      compact();
      if (ledger.offering.size > 0) ready.fireAt(0);
      return gone?.then(() => undefined);
    },
    markInFlight(hashes) {
      markElsewhere(ledger, hashes, clock.nowMs());
      ready.fireAt(overdueMs(ledger, options));
    },
    take(maxBytes, maxGas) {
      const nowMs = clock.nowMs();
      releaseOverdue(ledger, options, nowMs);
      const { entries, gas, wakeMs } = selectBatch(ledger, { maxBytes, maxGas, maxBlobs, baseFee: deps.baseFee(), nowMs, dueMs });
      for (const entry of entries) markEntry(ledger, entry, "taken", nowMs);
      ready.fireAt(Math.min(wakeMs, overdueMs(ledger, options)));
      return entries.length === 0 ? undefined : { txs: entries.map((x) => x.tx.raw), gas, senders: entries.map((x) => x.sender) };
    },
    giveBack(txs) {
      releaseRaw(ledger, txs);
      if (ledger.offering.size > 0) ready.fireAt(0);
    },
    discard(txs) {
      for (const raw of txs) {
        const entry = ledger.byHash.get(toHex(keccak256(raw)));
        if (entry === undefined) continue;
        removeEntry(ledger, entry);
        journal.forget(entry);
        dropped(entry, { code: "TX_SIDECAR_MISSING", message: "its blobs are held neither here nor by a connected peer any more" });
      }
    },
    onReady: ready.onReady,
  };
}

/** That it is in the pool. */
function isPromised(x: AddOutcome): boolean {
  return "hash" in x || x.error.code === "POOL_KNOWN";
}

function declareMetrics(metrics: Metrics, ledger: Ledger) {
  metrics.gauge("noema_mempool_transactions", "Transactions in the pool", () => ledger.byHash.size);
  metrics.gauge("noema_mempool_size_bytes", "Bytes of the transactions in the pool", () => ledger.bytes);
  metrics.gauge("noema_mempool_in_flight_transactions", "Transactions of the pool that stand in a batch", () => ledger.inFlight.size);
  return {
    added: metrics.counter("noema_mempool_added_total", "Transactions that came into the pool"),
    refused: metrics.counter("noema_mempool_refused_total", "Transactions that the pool refused"),
    evicted: metrics.counter("noema_mempool_evicted_total", "Transactions that made room for others"),
  };
}
