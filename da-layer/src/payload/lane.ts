/**
 * The payload lane (da.md section 1): batches of transactions, and of a development chain's operations, become availability certificates;
 * consensus orders certificates.
 *
 *   publisher: batch -> all validators; signatures back; certificate at more than 2/3 of the stake -> all peers
 *   receiver:  form, one signature for each (publisher, epoch, seq), quota, static check; store + fsync; sign
 *   everyone:  a certificate whose batch is not held is fetched at once; only held and includable ones are offered to consensus
 *   on connect: own uncertified batches are sent again, and the peer's not yet included certificates are asked for (`data/certs`)
 *
 * Nothing runs while there is nothing to do: all timers belong to a batch or a fetch.
 */
import { setImmediate } from "node:timers/promises";
import { INCLUSION_WINDOW } from "@noema/core/chain-limits";
import { askOne, servePeers } from "@noema/core/peer-methods";
import type { Bytes, Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert, AvailabilityHeader, PayloadLane } from "@noema/core/ports/data";
import type { Peer, Verdict } from "@noema/core/ports/network";
import { availabilityBody, availabilityHeaderHash } from "@noema/core/types/availability";
import { indexOf } from "@noema/core/validator-index";
import { daError } from "../errors.ts";
import { QUOTA_WINDOW } from "../limits.ts";
import type { PayloadLaneOptions } from "../options.ts";
import { createCertPool, headerKey } from "../shared/cert-pool.ts";
import { isExpired, isIncludable, signableSet } from "../shared/epochs.ts";
import { inTurns } from "../shared/in-turns.ts";
import { createLossGuard } from "../shared/log-loss.ts";
import { createQuota } from "../shared/quota.ts";
import { raceSignal, withTimeout } from "../shared/requests.ts";
import { OK, verdictOf } from "../shared/verdict.ts";
import type { PayloadLaneDeps } from "./deps.ts";
import { batchAnswer, createFetcher } from "./fetcher.ts";
import { CERT_FRAME, decodeCert, encodeCert, frameType, kindOfFrame } from "./frames.ts";
import { openPayloadJournal, type SignedBatch } from "./journal.ts";
import { METHODS } from "./methods.ts";
import { createPublisher } from "./publisher.ts";
import { createReceiver } from "./receiver.ts";
import { createSidecarShare } from "./sidecar-share.ts";

export type { PayloadLaneDeps } from "./deps.ts";

type BatchName = Pick<AvailabilityCert, "kind" | "header">;

export type RunningPayloadLane = PayloadLane & {
  /** Begins to publish, re-send and ask peers. The journal was replayed at creation, when `finalizedHeight` must already be right. */
  start(): void;
  stop(): Promise<void>;
};

export function createPayloadLane(options: PayloadLaneOptions, deps: PayloadLaneDeps): RunningPayloadLane {
  const { network, logger, signer } = deps;
  const stopping = new AbortController();
  const journal = openPayloadJournal(deps.store, Math.max(options.retention, INCLUSION_WINDOW), deps.finalizedHeight);
  const pool = createCertPool();
  const quota = createQuota(options.payloadBytesPerBlock);
  const sidecars = createSidecarShare(options.blobBytesPerBlock, deps.sidecars);
  const fetcher = createFetcher(options, deps, journal, stopping.signal);
  const listeners: (() => void)[] = [];
  const certified = deps.metrics.counter("noema_da_certificates_total", "Batch certificates learned, own and others'");

  const notify = () => {
    for (const listener of listeners) listener();
  };
  const isOwn = ({ epoch, publisher }: AvailabilityHeader) => {
    const set = signer && deps.validatorSetOf(epoch);
    return set !== undefined && publisher === indexOf(set, signer?.publicKey);
  };
  const isOurs = ({ kind }: AvailabilityCert) => kind === "batch" || (kind === "system" && deps.operations !== undefined);
  const waits = (header: AvailabilityHeader) => pool.knows(headerKey(header)) && !pool.isIncluded(headerKey(header));

  function learn(key: string, cert: AvailabilityCert): void {
    if (pool.knows(key)) return;
    pool.add(key, cert);
    journal.addCert(cert);
    journal.retain(cert.header);
    certified();
    offer(key, cert);
  }

  /** Tells consensus when the batch is held, and fetches it before otherwise. */
  function offer(key: string, cert: AvailabilityCert): void {
    if (journal.holds(cert.header.id)) {
      announce(cert);
      return;
    }
    const needed = () => waits(cert.header) && !isExpired(cert.header, deps);
    fetcher
      .fetch(cert, needed)
      .then(() => announce(cert))
      .catch((error) => logger.log("debug", "fetch given up", { key, error: String(error) }));
  }

  /** Of transactions: operations are in no pool. */
  function outstanding({ kind, header }: BatchName): void {
    const batch = kind === "batch" ? journal.batch(header.id) : undefined;
    if (batch !== undefined) deps.onOutstanding?.(batch);
  }

  /** Certificate and batch are both here. */
  function announce(batch: BatchName): void {
    if (!waits(batch.header)) return;
    if (!isOwn(batch.header)) outstanding(batch);
    notify();
  }

  function onCertified(key: string, cert: AvailabilityCert): void {
    const frame = encodeCert(cert);
    for (const peer of network.peers()) network.send(peer.id, "data", frame);
    learn(key, cert);
  }

  /** Transactions of an own batch that can no longer be included go back to the pool. An operation's sender has given it up before. */
  function giveUp({ kind, header }: BatchName): void {
    journal.close(header);
    if (kind === "batch") deps.source.giveBack(journal.batch(header.id)?.txs ?? []);
  }

  const ownWaiting = () => {
    let count = 0;
    for (const [, cert] of pool.waiting()) if (isOwn(cert.header)) count++;
    return count;
  };

  const { signed, bar: record } = journal;
  const loss = createLossGuard({ log: deps.store, signed, record, chain: deps, logger });

  const parts = { options, deps, journal, quota, sidecars };
  const publisher = signer && createPublisher({ ...parts, signer, onCertified, waiting: ownWaiting, giveUp });
  const receiver = signer && createReceiver({ ...parts, signer, onHeld: announce });

  async function acceptCert(cert: AvailabilityCert): Promise<Verdict> {
    if (!isOurs(cert)) throw daError("DA_CERT_INVALID", `a certificate of kind ${cert.kind} on the payload lane`);
    const key = headerKey(cert.header);
    if (pool.knows(key)) return OK;
    const set = signableSet(cert.header, deps);
    if (!(await deps.scheme.verify(set, cert.kind, availabilityBody(cert.header), cert.certificate)))
      throw daError("DA_CERT_INVALID", `batch certificate of publisher ${cert.header.publisher}, seq ${cert.header.seq}`);
    learn(key, cert);
    return OK;
  }

  async function onFrame(from: Peer, frame: Bytes): Promise<Verdict> {
    try {
      const type = frameType(frame);
      const kind = kindOfFrame(type);
      if (kind !== undefined) return (await receiver?.onBatch(from, kind, frame)) ?? OK;
      if (type === CERT_FRAME) return await acceptCert(decodeCert(frame));
      return (await publisher?.onSignature(from, frame)) ?? OK;
    } catch (error) {
      logger.log("debug", "data frame refused", { peer: from.id, error: String(error) });
      return verdictOf(error);
    }
  }

  /** A fetch that was given up in the background just before this one joined it is started again by the caller's loop. */
  async function fetchWanted(cert: AvailabilityCert, needed: () => boolean): Promise<void> {
    try {
      await fetcher.fetch(cert, needed);
    } catch (error) {
      if (stopping.signal.aborted || !needed()) throw error;
    }
  }

  async function learnFrom(peer: Peer): Promise<void> {
    const certs = await withTimeout(deps.clock, options.fetchTimeoutMs, stopping.signal, (signal) =>
      askOne(network, peer.id, METHODS.certs, undefined, signal),
    );
    for (const cert of certs) {
      const verdict = await acceptCert(cert).catch((error) => verdictOf(error));
      if (!verdict.ok && verdict.action === "disconnect") return; // the rest of a liar's list would cost a pairing each
      await setImmediate(); // a thousand pairings in one turn would block votes for more than a second
    }
  }

  function restore(): SignedBatch[] {
    const certifiedKeys = new Set<string>();
    for (const [key, height] of journal.replayed.included) pool.include(key, height);
    for (const cert of journal.replayed.certs) {
      const key = headerKey(cert.header);
      certifiedKeys.add(key);
      if (!pool.isIncluded(key) && !isExpired(cert.header, deps)) pool.add(key, cert);
    }
    const own = journal.replayed.signed.filter(({ header: h }) => {
      const key = headerKey(h);
      return isOwn(h) && !pool.isIncluded(key) && (!certifiedKeys.has(key) || isExpired(h, deps));
    });
    for (const list of Object.values(journal.replayed)) list.length = 0; // they can be long
    return own;
  }
  const uncertified = restore();

  /** Own certificates that can no longer be included give their transactions back. */
  function dropExpired(): void {
    publisher?.dropExpired();
    for (const [key, cert] of [...pool.waiting()]) {
      if (!isExpired(cert.header, deps)) continue;
      pool.drop(key);
      if (isOwn(cert.header)) giveUp(cert);
    }
  }

  deps.metrics.gauge("noema_da_batches_pending", "Own batches that wait for a quorum", () => publisher?.pending() ?? 0);
  deps.metrics.gauge("noema_da_certificates_waiting", "Certificates not yet included", () => pool.size());

  return {
    start() {
      loss.face();
      network.onFrame("data", onFrame);
      servePeers(deps, METHODS.batch, async function* (_from, { id }) {
        yield batchAnswer(journal, id);
      });
      servePeers(deps, METHODS.certs, async function* () {
        yield [...pool.waiting()].map(([, cert]) => cert);
      });
      const onUp = (peer: Peer) => {
        publisher?.onPeer(peer);
        learnFrom(peer).catch((error) => logger.log("debug", "certificates not learned", { peer: peer.id, error: String(error) }));
      };
      network.onPeer((peer, up) => {
        if (up && !stopping.signal.aborted) onUp(peer);
      });
      publisher?.resume(uncertified.filter(({ header }) => !pool.isIncluded(headerKey(header))));
      for (const peer of network.peers()) onUp(peer);
      for (const [key, cert] of pool.waiting()) {
        if (isOwn(cert.header)) outstanding(cert);
        offer(key, cert);
      }
      if (publisher !== undefined) {
        for (const source of [deps.source, deps.operations]) source?.onReady(() => publisher.wake());
        publisher.wake();
      }
    },
    async stop() {
      stopping.abort(new Error("the payload lane stops"));
      await publisher?.stop();
    },
    available(limit) {
      const ready = [...pool.waiting()].map(([, cert]) => cert).filter((x) => isIncludable(x.header, deps) && journal.holds(x.header.id));
      return inTurns(ready, limit);
    },
    onAvailable(f) {
      listeners.push(f);
    },
    async read(cert, signal) {
      let wanted = true;
      try {
        for (;;) {
          const batch = journal.batch(cert.header.id);
          if (batch !== undefined) return batch;
          await raceSignal(
            fetchWanted(cert, () => wanted),
            signal,
          );
        }
      } finally {
        wanted = false;
      }
    },
    included(certs, height: Height) {
      for (const cert of certs) {
        if (!isOurs(cert) || pool.isIncluded(headerKey(cert.header))) continue;
        pool.include(headerKey(cert.header), height);
        journal.release(cert.header.id);
        journal.addIncluded(availabilityHeaderHash(cert.header), height);
        journal.retain(cert.header);
      }
      dropExpired();
      loss.face();
      publisher?.wake();
      if (height % QUOTA_WINDOW !== 0) return;
      pool.forgetIncluded(height - INCLUSION_WINDOW);
      journal
        .prune(height, deps.validatorSet().epoch)
        .catch((error) => logger.log("error", "pruning the payload journal failed", { error: String(error) }));
    },
  };
}
