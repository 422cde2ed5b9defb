/**
 * Fetches a batch that is certified but not held: method `data/batch`, from the certificate's signers first, then from anyone, in
 * rounds with a bounded pause between them, until it is there or nobody needs it. What comes is checked against the id,
 * which a quorum signed, so it needs no other check.
 */
import { equalBytes, to0x, toHex } from "@noema/core/bytes";
import { askOne } from "@noema/core/peer-methods";
import type { Bytes } from "@noema/core/ports/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import type { Peer } from "@noema/core/ports/network";
import { bitmapIndexes } from "@noema/core/quorum";
import { indexOf } from "@noema/core/validator-index";
import { daError } from "../errors.ts";
import type { PayloadLaneOptions } from "../options.ts";
import { delay, withTimeout } from "../shared/requests.ts";
import { batchId, encodeBatch } from "./batch.ts";
import type { PayloadLaneDeps } from "./deps.ts";
import type { PayloadJournal } from "./journal.ts";
import { METHODS } from "./methods.ts";

const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 2000;

export type Fetcher = {
  /** Resolves when the batch is held. Concurrent calls for one batch share the work; it ends when `needed` says no for all. */
  fetch(cert: AvailabilityCert, needed: () => boolean): Promise<void>;
};

type Work = { needed: Set<() => boolean>; done: Promise<void> };

export function createFetcher(options: PayloadLaneOptions, deps: PayloadLaneDeps, journal: PayloadJournal, signal: AbortSignal): Fetcher {
  const { network, clock, logger } = deps;
  const works = new Map<string, Work>();
  const fetched = deps.metrics.counter("noema_da_batches_fetched_total", "Batches fetched by their certificate");

  async function fetchRounds(cert: AvailabilityCert, needed: ReadonlySet<() => boolean>): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      for (const peer of candidates(cert)) {
        if (journal.holds(cert.header.id)) return;
        if (![...needed].some((f) => f())) throw daError("DA_UNAVAILABLE", `batch ${to0x(cert.header.id)} is needed no more`);
        if (await tryPeer(peer, cert)) return;
      }
      await delay(clock, pause, signal);
      if (journal.holds(cert.header.id)) return;
      if (![...needed].some((f) => f())) throw daError("DA_UNAVAILABLE", `batch ${to0x(cert.header.id)} is needed no more`);
    }
  }

  /** Signers first; rotated by the own index and the id, so that a hundred nodes do not ask the same one. */
  function candidates(cert: AvailabilityCert): Peer[] {
    const set = deps.validatorSetOf(cert.header.epoch) ?? { members: [] };
    const signers = new Set(bitmapIndexes(cert.certificate.bitmap, set.members.length) ?? []);
    const peers = network.peers();
    const first = peers.filter((p) => signers.has(indexOf(set, p.publicKey) ?? -1));
    const turn = first.length === 0 ? 0 : ((indexOf(set, deps.signer?.publicKey) ?? 0) + (cert.header.id[0] as number)) % first.length;
    return [...first.slice(turn), ...first.slice(0, turn), ...peers.filter((p) => !first.includes(p))];
  }

  async function tryPeer(peer: Peer, cert: AvailabilityCert): Promise<boolean> {
    try {
      const { id } = cert.header;
      const answer = await withTimeout(clock, options.fetchTimeoutMs, signal, (s) => askOne(network, peer.id, METHODS.batch, { id }, s));
      const txs = [...answer];
      if (!equalBytes(batchId(txs), cert.header.id)) throw daError("DA_BATCH_INVALID", "the answer is another batch");
      store(cert, txs);
      return true;
    } catch (error) {
      if (signal.aborted) throw error;
      logger.log("debug", "a peer did not give a batch", { peer: peer.id, error: String(error) });
      return false;
    }
  }

  function store(cert: AvailabilityCert, txs: Bytes[]): void {
    if (journal.holds(cert.header.id)) return;
    const batch = { header: cert.header, txs };
    journal.addBatch(encodeBatch(0, batch), batch);
    journal.sync().catch((error) => logger.log("error", "storing a fetched batch failed", { error: String(error) }));
    fetched();
  }

  return {
    fetch(cert, needed) {
      if (journal.holds(cert.header.id)) return Promise.resolve();
      const id = toHex(cert.header.id);
      const running = works.get(id);
      if (running !== undefined) {
        running.needed.add(needed);
        return running.done;
      }
      const needs = new Set([needed]);
      const done = fetchRounds(cert, needs).finally(() => works.delete(id));
      works.set(id, { needed: needs, done });
      return done;
    },
  };
}

/** Throws DA_NOT_FOUND. */
export function batchAnswer(journal: PayloadJournal, id: Bytes): readonly Bytes[] {
  const txs = journal.batch(id)?.txs;
  if (txs === undefined) throw daError("DA_NOT_FOUND", `batch ${to0x(id)} is not held here`);
  return txs;
}
