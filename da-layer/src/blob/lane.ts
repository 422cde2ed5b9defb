/**
 * The blob lane (da.md section 2): objects of R rows, extended vertically to N, dispersed by stake, certified, retrieved.
 *
 *   publish:  encode (worker) -> rows in a log of their own -> offer to every validator -> signatures -> certificate -> all peers
 *   receive:  check header and object -> pull the own rows -> check, write, fsync, sign
 *   retrieve: own rows, then the holders', each checked against the commitments; any R decode
 *
 * Objects are at most `maxRows` rows (4.06 MB); larger data is refused with DA_TOO_LARGE, and its owner splits it.
 * Nothing runs here while there is no object, but that the worker is prepared for the first one, some seconds after the start. What is
 * held is read and checked in the background (scrub.ts).
 */
import { setImmediate } from "node:timers/promises";
import { to0x, toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { askOne, servePeers, serveStored } from "@noema/core/peer-methods";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert, CertificateLane, DataLayer } from "@noema/core/ports/data";
import type { Peer } from "@noema/core/ports/network";
import { isMember } from "@noema/core/validator-index";
import { daError } from "../errors.ts";
import { QUOTA_WINDOW } from "../limits.ts";
import type { BlobLaneOptions } from "../options.ts";
import { createCellMaker } from "../sampling/cell-maker.ts";
import { createCellServer, type SamplingFace } from "../sampling/cell-server.ts";
import { createLossGuard } from "../shared/log-loss.ts";
import { createQuota } from "../shared/quota.ts";
import { delay, withTimeout } from "../shared/requests.ts";
import { createSequence } from "../shared/sequence.ts";
import { openCatalog } from "./catalog.ts";
import { createBlobCertPool } from "./certificates.ts";
import type { BlobLaneDeps } from "./deps.ts";
import { createDispersals } from "./disperse.ts";
import { ROW_BYTES } from "./elements.ts";
import { createFindObject } from "./find-object.ts";
import { createGathering } from "./gather-rows.ts";
import { createHeldRows } from "./held-rows.ts";
import { createScores } from "./holders.ts";
import { createHotRows } from "./hot-rows.ts";
import type { BlobObject } from "./object.ts";
import { createPublisher } from "./publish.ts";
import { createBlobReceiver } from "./receive.ts";
import { createRepair } from "./repair.ts";
import { createReseeding } from "./reseed.ts";
import { createRetriever } from "./retrieve.ts";
import { createRowStore } from "./row-store.ts";
import { scrub } from "./scrub.ts";
import { METHODS } from "./wire.ts";

export type { BlobLaneDeps } from "./deps.ts";

export type RunningBlobLane = DataLayer & {
  blobCertificates(): CertificateLane;
  readonly sampling: SamplingFace;
  /** Serves peers and goes on with interrupted dispersals. `finalizedHeight` must already be right at creation. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

export function createBlobLane(options: BlobLaneOptions, deps: BlobLaneDeps): RunningBlobLane {
  const { network, logger, signer, disk } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  const catalog = openCatalog(deps.catalog, options.maxBlobRetention, deps.finalizedHeight);
  const store = createRowStore(deps.rows, options.bucketHeights, catalog.above);
  const certs = createBlobCertPool(deps, catalog);
  const quota = createQuota(options.blobBytesPerBlock);
  const sequence = createSequence(catalog.reservedEnd(), (end) => catalog.reserve(end));
  const { signed, bar: record } = catalog;
  const loss = createLossGuard({ log: deps.catalog, signed, record, chain: deps, logger });
  const held = createHeldRows({ deps, catalog, store, signal });
  const findObject = createFindObject(deps, catalog);
  const gather = createGathering({ deps, held, scores: createScores(deps.clock) });
  const gatherAny = async (object: BlobObject, id: Hash) => (await gather({ object, id, slots: [], signal })).rows;
  const repair = createRepair({ deps, held, disk, findObject, gather: gatherAny, signal });
  held.onErased(repair);
  const reseed = createReseeding({ deps, catalog, held, onMissing: repair });
  const hot = createHotRows(options.hotRows);
  const retriever = createRetriever({ deps, catalog, findObject, gather, hot, onRead: reseed });
  const receiver = signer && createBlobReceiver({ options, deps, signer, catalog, store, quota, disk });
  const dispersals = receiver && createDispersals({ options, deps, catalog, store, receiver, onCertified: certs.learn, signal });

  const watchers = new Set<(id: Hash, height: Height | undefined) => void>();
  certs.onOutcome((id, height) => {
    for (const watcher of watchers) watcher(id, height);
  });

  const onOutcome = (f: (id: Hash, height: Height | undefined) => void) => {
    watchers.add(f);
    return () => void watchers.delete(f);
  };
  const publish = createPublisher({ options, deps, signer, sequence, signed, quota, disk, dispersals, onOutcome, signal });

  async function heldRow(id: Hash, slot: number): Promise<Bytes | undefined> {
    return dispersals?.row(toHex(id), slot) ?? (await held.read(id, slot));
  }

  async function* heldRows({ id, slots }: { id: Hash; slots: number[] }): AsyncIterable<Bytes> {
    for (const slot of new Set(slots)) {
      const record = await heldRow(id, slot);
      if (record !== undefined) yield record;
    }
  }

  const maker = createCellMaker({
    ...deps,
    makeCells: (row) => deps.worker.makeCells(row),
    row: async (id, slot) => (await heldRow(id, slot))?.subarray(-ROW_BYTES), // a record ends with its row
  });
  const sampling = createCellServer({ deps, catalog, maker, findObject });

  function serve(): void {
    if (receiver !== undefined)
      servePeers(deps, METHODS.offer, async function* (from, offer, abort) {
        yield await receiver.onOffer(from, offer, AbortSignal.any([abort, signal]));
      });
    serveStored(deps, METHODS.rows, (_from, request) => heldRows(request));
    sampling.serve();
    servePeers(deps, METHODS.object, async function* (_from, { id }) {
      const object = catalog.object(id);
      if (object === undefined) throw daError("DA_NOT_FOUND", `object ${to0x(id)} is not held here`);
      yield object;
    });
    servePeers(deps, METHODS.cert, async function* (from, cert) {
      // only publishers announce certificates
      if (isMember(deps.validatorSet(), from.publicKey)) await certs.accept(cert);
      yield undefined;
    });
    servePeers(deps, METHODS.certs, async function* () {
      yield certs.waiting();
    });
  }

  async function learnFrom(peer: Peer): Promise<void> {
    const waiting = await withTimeout(deps.clock, options.holderTimeoutMs, signal, (s) =>
      askOne(network, peer.id, METHODS.certs, undefined, s),
    );
    for (const cert of waiting) {
      try {
        await certs.accept(cert);
      } catch (error) {
        logger.log("debug", "a blob certificate was refused", { peer: peer.id, error: String(error) });
        if (isNoemaError(error, "DA_CERT_INVALID")) return; // the rest of a liar's list would cost a pairing each
      }
      await setImmediate(); // one pairing a turn
    }
  }

  async function prepareWorker(): Promise<void> {
    try {
      await delay(deps.clock, options.prepareAfterMs, signal);
      await deps.worker.prepare();
    } catch (error) {
      if (!signal.aborted) logger.log("warn", "the data worker could not be prepared", { error: String(error) });
    }
  }

  /** Not before what a start is slowed by has ended. */
  async function keepWhole(): Promise<void> {
    for (const [id, slot] of catalog.lostRows()) repair(id, slot);
    await prepareWorker();
    if (options.scrubPeriodMs === 0) return;
    try {
      await scrub({ options, deps, catalog, held, findObject, reseed, signal });
    } catch (error) {
      if (!signal.aborted) logger.log("error", "own rows are not checked any more in the background", { error });
    }
  }

  function onUp(peer: Peer): void {
    learnFrom(peer).catch((error) => logger.log("debug", "blob certificates not learned", { peer: peer.id, error: String(error) }));
  }

  async function forgetExpired(height: Height): Promise<void> {
    await store.expire(height);
    await catalog.prune(height, deps.validatorSet().epoch);
  }

  const certificates: CertificateLane = {
    available: certs.available,
    onAvailable: certs.onAvailable,
    included(list: readonly AvailabilityCert[], height: Height) {
      certs.included(list, height);
      loss.face();
      if (height % QUOTA_WINDOW !== 0) return;
      forgetExpired(height).catch((error) => logger.log("error", "dropping expired rows failed", { error: String(error) }));
    },
  };

  return {
    blobCertificates: () => certificates,
    sampling,
    async start() {
      loss.face();
      serve();
      network.onPeer((peer, up) => {
        if (up && !signal.aborted) onUp(peer);
      });
      for (const peer of network.peers()) onUp(peer);
      void keepWhole();
      await dispersals?.resume();
    },
    async stop() {
      stopping.abort(new Error("the blob lane stops"));
      await store.close();
    },
    publish,
    retrieve: (id, from, to, abort, o) => retriever.retrieve(id, from, to, AbortSignal.any([abort, signal]), o),
    async status(id) {
      const entry = catalog.entry(id);
      const object = await findObject(id, signal);
      if (object === undefined) return undefined;
      const { payloadLen: bytes, N: rows } = object.meta;
      return { bytes, height: entry?.height, cert: catalog.cert(id), rowsHeld: entry?.rows.size ?? 0, rows };
    },
  };
}
