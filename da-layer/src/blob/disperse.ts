/**
 * The publishing side of the blob lane: an offer to every validator, which pulls its rows and answers with its signature; at more than
 * 2/3 of the stake the certificate goes to all peers. All rows lie in a log of their own until then, so a restart goes on where it was.
 */
import { toHex } from "@noema/core/bytes";
import { askOne } from "@noema/core/peer-methods";
import type { Bytes } from "@noema/core/ports/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import type { ValidatorSet } from "@noema/core/ports/signing";
import { weightOf } from "@noema/core/quorum";
import { publicKeyAt } from "@noema/core/validator-index";
import type { BlobLaneOptions } from "../options.ts";
import { isExpired } from "../shared/epochs.ts";
import { createGatherer, type Gatherer } from "../shared/gather.ts";
import { delay, withTimeout } from "../shared/requests.ts";
import { assignSlots } from "./assignment.ts";
import type { Catalog } from "./catalog.ts";
import type { BlobLaneDeps } from "./deps.ts";
import type { EncodedBlob } from "./encode.ts";
import type { BlobReceiver } from "./receive.ts";
import { decodeRowRecord, encodeRowRecord } from "./row-record.ts";
import type { RowStore } from "./row-store.ts";
import { type BlobOffer, METHODS } from "./wire.ts";

const MAX_RETRY_MS = 30_000;

/** Shares of stake in [0, 1], after `validator`'s. */
export type DispersalEvent = { step: "dispersed" | "signed"; done: number; validator: number } | { step: "certified" } | { step: "failed" };

export type Dispersals = {
  /** Makes the rows durable, then offers them. `onEvent` is called until "certified" or "failed". */
  begin(offer: BlobOffer, encoded: EncodedBlob, set: ValidatorSet, onEvent: (event: DispersalEvent) => void): Promise<void>;
  /** Goes on with those that a restart interrupted. */
  resume(): Promise<void>;
  /** The record of a slot of an object that is being dispersed. */
  row(id: string, slot: number): Bytes | undefined;
};

type Dispersal = {
  offer: BlobOffer;
  set: ValidatorSet;
  records: readonly Bytes[];
  gatherer: Gatherer;
  signed: Set<number>;
  ended: AbortController;
  onEvent: (event: DispersalEvent) => void;
};

export type DispersalParts = {
  options: BlobLaneOptions;
  deps: BlobLaneDeps;
  catalog: Catalog;
  store: RowStore;
  receiver: BlobReceiver;
  onCertified: (cert: AvailabilityCert) => void;
  signal: AbortSignal;
};

export function createDispersals({ options, deps, catalog, store, receiver, onCertified, signal }: DispersalParts): Dispersals {
  const { network, clock, logger } = deps;
  const active = new Map<string, Dispersal>();
  const repeated = deps.metrics.counter("noema_da_offers_repeated_total", "Offers of own objects that were made again to a validator");

  async function run(dispersal: Dispersal): Promise<void> {
    const { offer, set } = dispersal;
    active.set(toHex(offer.header.id), dispersal);
    const others = set.members.map((_, v) => v).filter((v) => v !== offer.header.publisher);
    try {
      await Promise.all([signOwnIfHeld(dispersal), ...others.map((v) => offerTo(dispersal, v))]);
    } finally {
      active.delete(toHex(offer.header.id));
    }
    if (signal.aborted) return; // a restart goes on
    if (!dispersal.ended.signal.aborted) {
      dispersal.onEvent({ step: "failed" });
      logger.log("warn", "a blob could not be certified in time", { id: toHex(offer.header.id) });
    }
    catalog.endDispersal(offer.header.seq);
    await catalog.sync();
    await store.dropDispersal(offer.header.seq);
  }

  /** A disk that does not take the own rows costs the own signature: the others' may be a quorum. */
  async function signOwnIfHeld(dispersal: Dispersal): Promise<void> {
    try {
      await signOwn(dispersal);
    } catch (error) {
      logger.log("error", "the own rows of a blob could not be kept: it is not signed here", { error });
    }
  }

  async function signOwn(dispersal: Dispersal): Promise<void> {
    const { offer, set, records } = dispersal;
    const { meta } = offer.object;
    const seed = deps.epochSeed(meta.epoch);
    if (seed === undefined) return;
    const range = assignSlots(set, meta.R, seed, meta.publisher, meta.nonce).ranges[offer.header.publisher]!;
    const rows = records.slice(range.from, range.to).map((record) => decodeRowRecord(record, meta.N));
    await addSignature(dispersal, offer.header.publisher, await receiver.holdOwn(offer, rows));
  }

  /** Until it signed, or nobody needs it: after the certificate an offer that is answered right now still gets its rows. */
  async function offerTo(dispersal: Dispersal, validator: number): Promise<void> {
    const { header } = dispersal.offer;
    const key = publicKeyAt(dispersal.set, validator);
    for (let pause = options.offerRetryMs; ; pause = Math.min(2 * pause, MAX_RETRY_MS)) {
      const peer = network.peers().find((p) => p.publicKey === key);
      try {
        if (peer !== undefined) {
          if (pause > options.offerRetryMs) repeated();
          const signature = await offerOnce(peer.id, dispersal.offer);
          await addSignature(dispersal, validator, signature);
          if (dispersal.gatherer.has(validator)) return;
        }
      } catch (error) {
        logger.log("debug", "a validator did not sign a blob", { validator, error: String(error) });
      }
      if (dispersal.ended.signal.aborted || signal.aborted || isExpired(header, deps)) return;
      try {
        await delay(clock, pause, AbortSignal.any([signal, dispersal.ended.signal]));
      } catch {
        return;
      }
    }
  }

  function offerOnce(peer: string, offer: BlobOffer): Promise<Bytes> {
    return withTimeout(clock, options.offerTimeoutMs, signal, (s) => askOne(network, peer, METHODS.offer, offer, s));
  }

  async function addSignature(dispersal: Dispersal, validator: number, signature: Bytes): Promise<void> {
    const { set, offer, gatherer } = dispersal;
    const certificate = await gatherer.add(validator, signature);
    if (!gatherer.has(validator)) return;
    dispersal.signed.add(validator);
    const done = Number((weightOf(set, dispersal.signed) * 1000n) / set.total) / 1000;
    if (!dispersal.ended.signal.aborted) {
      dispersal.onEvent({ step: "dispersed", done, validator });
      dispersal.onEvent({ step: "signed", done, validator });
    }
    if (certificate === undefined) return;
    const cert: AvailabilityCert = { kind: "blob", header: offer.header, certificate };
    onCertified(cert);
    dispersal.onEvent({ step: "certified" });
    dispersal.ended.abort();
    announce(cert);
  }

  function announce(cert: AvailabilityCert): void {
    for (const peer of network.peers()) {
      withTimeout(clock, options.holderTimeoutMs, signal, (s) => askOne(network, peer.id, METHODS.cert, cert, s)).catch((error) =>
        logger.log("debug", "a blob certificate did not reach a peer", { peer: peer.id, error: String(error) }),
      );
    }
  }

  function dispersalOf(offer: BlobOffer, set: ValidatorSet, records: readonly Bytes[], onEvent: Dispersal["onEvent"]): Dispersal {
    const onBad = (indexes: number[]) => logger.log("warn", "wrong blob signatures", { signers: indexes, seq: offer.header.seq });
    const gatherer = createGatherer(deps.scheme, set, "blob", offer.header, onBad);
    return { offer, set, records, gatherer, signed: new Set(), ended: new AbortController(), onEvent };
  }

  function runInBackground(dispersal: Dispersal): void {
    run(dispersal).catch((error) => {
      if (!signal.aborted) logger.log("error", "a dispersal failed", { id: toHex(dispersal.offer.header.id), error: String(error) });
      dispersal.onEvent({ step: "failed" });
    });
  }

  return {
    row: (id, slot) => active.get(id)?.records[slot],
    async begin(offer, encoded, set, onEvent) {
      const records = encoded.rows.map((row, slot) => encodeRowRecord({ slot, row, path: encoded.paths[slot]! }));
      const log = await store.openDispersal(offer.header.seq);
      for (const record of records) log.append(record);
      await log.sync();
      catalog.addObject(offer.object);
      catalog.addDispersal(offer.header);
      await catalog.sync();
      runInBackground(dispersalOf(offer, set, records, onEvent));
    },
    async resume() {
      await store.dropStrays(new Set(catalog.replayed.dispersals.keys()));
      for (const [seq, header] of [...catalog.replayed.dispersals]) {
        const object = catalog.object(header.id);
        const set = deps.validatorSetOf(header.epoch);
        if (object === undefined || set === undefined || isExpired(header, deps)) {
          catalog.endDispersal(seq);
          await store.dropDispersal(seq);
          continue;
        }
        const records = await store.readDispersal(seq);
        if (records.length !== object.meta.N) {
          logger.log("warn", "rows of a dispersal are lost: it is given up", { seq, rows: records.length, of: object.meta.N });
          catalog.endDispersal(seq);
          await store.dropDispersal(seq);
          continue;
        }
        runInBackground(dispersalOf({ header, object }, set, records, () => {}));
      }
    },
  };
}
