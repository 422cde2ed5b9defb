/**
 * The signing side of the blob lane: an offer carries the header and the object; this validator checks both, pulls its own rows from the
 * publisher (so it sets the pace), checks each, writes, fsyncs, and answers with its signature over the header.
 */
import { equalBytes, to0x } from "@noema/core/bytes";
import { INCLUSION_WINDOW } from "@noema/core/chain-limits";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Peer } from "@noema/core/ports/network";
import type { Signer, ValidatorSet } from "@noema/core/ports/signing";
import { availabilityBody } from "@noema/core/types/availability";
import { indexOf } from "@noema/core/validator-index";
import { daError } from "../errors.ts";
import type { BlobLaneOptions } from "../options.ts";
import { headerKey } from "../shared/cert-pool.ts";
import { signableSet } from "../shared/epochs.ts";
import { createFairTurns } from "../shared/fair-turns.ts";
import { atLeast } from "../shared/pace-floor.ts";
import type { Quota } from "../shared/quota.ts";
import { assignSlots, type SlotRange } from "./assignment.ts";
import type { Catalog, HeldRow } from "./catalog.ts";
import type { RowWithPath } from "./chunk-tree.ts";
import { maxSlots } from "./code-points.ts";
import type { BlobLaneDeps } from "./deps.ts";
import type { DiskRoom } from "./disk-room.ts";
import { ROW_BYTES, rowCount } from "./elements.ts";
import { type BlobObject, OBJECT_VERSION, objectId } from "./object.ts";
import { encodeRowRecord, readRowRecords, rowRecordBytes } from "./row-record.ts";
import type { RowStore } from "./row-store.ts";
import { totalSlots } from "./shares.ts";
import { type BlobOffer, METHODS, rowsRequestType } from "./wire.ts";

/** Rows checked and written together: bounds memory to 1 MiB for each offer. */
const GROUP = 8;
/**
 * A place takes 1 MiB of rows that are checked together, and as much on its way. A publisher with more objects than its share is bound
 * by its own upload; it has 8 under way (publish.ts), and a repeated offer may come before the first has ended.
 */
const OFFERS = {
  ...{ places: 16, share: 4, queue: 16, slowPlaces: 4 },
  full: () => daError("DA_QUOTA", "too many offers of this publisher wait already"),
};
/** A row takes 4 s of it. Slower than any uplink that keeps up with blocks, also where it serves a hundred others meanwhile. */
const ROWS_FLOOR = { graceMs: 10_000, bytesPerSecond: 32 * 1024 };

export type BlobReceiver = {
  /** The signature; rejects with DA_OBJECT_INVALID, DA_ROW_MISMATCH, DA_BATCH_STALE, DA_EQUIVOCATION, DA_DISK_FULL, DA_QUOTA, DA_STALLED. */
  onOffer(from: Peer, offer: BlobOffer, signal: AbortSignal): Promise<Bytes>;
  /** The own rows of an own object, which need no check; durable when it resolves, with the signature over its header. */
  holdOwn(offer: BlobOffer, rows: readonly RowWithPath[]): Promise<Bytes>;
};

export type BlobReceiverParts = {
  options: BlobLaneOptions;
  deps: BlobLaneDeps;
  signer: Signer;
  catalog: Catalog;
  store: RowStore;
  quota: Quota;
  disk: DiskRoom;
};

export function createBlobReceiver({ options, deps, signer, catalog, store, quota, disk }: BlobReceiverParts): BlobReceiver {
  const inWork = new Map<string, Promise<void>>();
  const turns = createFairTurns(deps.clock, OFFERS);
  const stalled = deps.metrics.counter("noema_da_offers_stalled_total", "Offers given up because their rows came too slowly");

  async function writeRows(object: BlobObject, rows: readonly RowWithPath[]): Promise<HeldRow[]> {
    const bucket = store.bucketOf(object.meta.expiry);
    const held: HeldRow[] = [];
    for (const row of rows) held.push({ slot: row.slot, position: await store.append(bucket, encodeRowRecord(row)) });
    return held;
  }

  /** Rows first, then what says that they are there: a crash between leaves nothing signed. */
  async function commit({ header, object }: BlobOffer, held: readonly HeldRow[]): Promise<void> {
    const bucket = store.bucketOf(object.meta.expiry);
    await store.sync(
      bucket,
      held.map(({ position }) => position),
    );
    catalog.addObject(object);
    catalog.addRows(header.id, bucket, held);
    catalog.addSigned(header);
    await catalog.sync();
  }

  async function pullRows(from: Peer, object: BlobObject, id: Hash, range: SlotRange, signal: AbortSignal): Promise<HeldRow[]> {
    const ended = new AbortController();
    try {
      return await takeRows(from, object, id, range, AbortSignal.any([signal, ended.signal]));
    } catch (error) {
      if (isNoemaError(error, "DA_STALLED")) {
        turns.slow(laneOf(from));
        stalled();
      }
      throw error;
    } finally {
      ended.abort(new Error("the rows are taken or given up"));
    }
  }

  async function takeRows(from: Peer, object: BlobObject, id: Hash, range: SlotRange, signal: AbortSignal): Promise<HeldRow[]> {
    const slots = Array.from({ length: range.to - range.from }, (_, i) => range.from + i);
    const max = slots.length * rowRecordBytes(object.meta.N);
    const answer = deps.network.request(from.id, METHODS.rows.name, rowsRequestType.serialize({ id, slots }), max, signal);
    const held: HeldRow[] = [];
    let group: RowWithPath[] = [];
    const flush = async () => {
      const faults = await deps.worker.checkRows(object, group);
      const bad = faults.findIndex((fault) => fault !== undefined);
      if (bad >= 0) throw daError("DA_ROW_MISMATCH", `row ${group[bad]!.slot} of ${to0x(id)}: ${faults[bad]}`);
      held.push(...(await writeRows(object, group)));
      group = [];
    };
    const tooSlow = (bytes: number) => daError("DA_STALLED", `${bytes} bytes of ${slots.length} rows of ${to0x(id)} came, then too few`);
    for await (const row of readRowRecords(atLeast(deps.clock, ROWS_FLOOR, answer, tooSlow), object.meta.N)) {
      if (row.slot !== slots[held.length + group.length])
        throw daError("DA_ROW_MISMATCH", `row ${row.slot} of ${to0x(id)} came out of its turn`);
      if (group.push(row) === GROUP) await flush();
    }
    if (group.length > 0) await flush();
    if (held.length < slots.length) throw daError("DA_ROW_MISMATCH", `${held.length} of ${slots.length} rows of ${to0x(id)} came`);
    return held;
  }

  async function receive(from: Peer, offer: BlobOffer, range: SlotRange, signal: AbortSignal): Promise<void> {
    const { header, object } = offer;
    await deps.worker.checkObject(object);
    await commit(offer, await pullRows(from, object, header.id, range, signal));
  }

  return {
    async onOffer(from, offer, signal) {
      await disk.look();
      const { header } = offer;
      const set = signableSet(header, deps);
      const sender = indexOf(set, from.publicKey);
      if (sender === undefined || sender !== header.publisher)
        throw daError("DA_OBJECT_INVALID", `publisher ${header.publisher}, offered by ${sender ?? "no validator"}`);
      checkOffer(offer, set, options);
      const key = headerKey(header);
      const known = catalog.signed.lookup(header.publisher, header.epoch, header.seq, key);
      if (known === "other")
        throw daError("DA_EQUIVOCATION", `publisher ${header.publisher} used epoch ${header.epoch}, seq ${header.seq} before`);
      if (known === "lost") throw daError("DA_LOG_LOST", `headers of epoch ${header.epoch} are not signed here any more`);
      if (known === "new") {
        const range = ownRange(offer.object, set, indexOf(set, signer.publicKey), deps.epochSeed(header.epoch));
        const bytes = (range.to - range.from) * rowRecordBytes(offer.object.meta.N);
        disk.check(bytes); // before the quota: the publisher may come again
        if (!quota.charge(set, header.publisher, header.bytes, deps.finalizedHeight()))
          throw daError("DA_QUOTA", `publisher ${header.publisher} passed twice its share of the lane`, { bytes: header.bytes });
        catalog.signed.set(header.publisher, header.epoch, header.seq, key); // before the await: a second id loses at once
        const giveBack = disk.take(bytes);
        const work = turns
          .run(laneOf(from), signal, () => receive(from, offer, range, signal))
          .finally(() => {
            inWork.delete(key);
            giveBack();
          });
        work.catch((error) => {
          catalog.signed.release(header.publisher, header.epoch, header.seq);
          if (isNoemaError(error, "LOG_FAILED")) deps.logger.log("error", "an offered blob could not be kept: it is not signed", { error });
        });
        inWork.set(key, work);
      }
      await inWork.get(key);
      return signer.sign("blob", availabilityBody(header));
    },
    async holdOwn(offer, rows) {
      await commit(offer, await writeRows(offer.object, rows));
      return signer.sign("blob", availabilityBody(offer.header));
    },
  };
}

/** A key stays with its publisher under each index and peer id. */
function laneOf({ id, publicKey }: Peer): string {
  return publicKey ?? id;
}

function ownRange(object: BlobObject, set: ValidatorSet, index: number | undefined, seed: Hash | undefined): SlotRange {
  const { meta } = object;
  const range = seed && assignSlots(set, meta.R, seed, meta.publisher, meta.nonce).ranges[index ?? -1];
  if (range === undefined) throw daError("DA_BATCH_STALE", `no slots are known here for epoch ${meta.epoch}`);
  return range;
}

/** Header and meta are sane, agree with each other, with the id and with our own computation of N. Throws DA_OBJECT_INVALID. */
function checkOffer({ header, object }: BlobOffer, set: ValidatorSet, options: BlobLaneOptions): void {
  const { meta } = object;
  const rules: [boolean, string][] = [
    [meta.version === OBJECT_VERSION, `version ${meta.version}`],
    [meta.chainId === options.chainId, `chain id ${meta.chainId}`],
    [meta.epoch === header.epoch && meta.expiry === header.expiry && meta.nonce === header.seq, "meta and header differ"],
    [header.gasLimitSum === 0n, "a blob has no gas"],
    [meta.R >= 1 && meta.R <= options.maxRows, `R ${meta.R}, the limit is ${options.maxRows}`],
    [meta.R === rowCount(meta.payloadLen), `R ${meta.R} for ${meta.payloadLen} bytes`],
    [meta.N === totalSlots(set, meta.R) && meta.N <= maxSlots(meta.R), `N ${meta.N}`],
    [header.bytes === meta.N * ROW_BYTES, `${header.bytes} encoded bytes`],
    [
      meta.expiry > header.refHeight + INCLUSION_WINDOW && meta.expiry <= header.refHeight + options.maxBlobRetention,
      `expiry ${meta.expiry} at height ${header.refHeight}`,
    ],
    [equalBytes(meta.publisher, set.members[header.publisher]?.feeAddress ?? new Uint8Array(0)), "the publisher's account is not its own"],
    [equalBytes(header.id, objectId(object)), "the id is not the object's"],
  ];
  for (const [ok, why] of rules) if (!ok) throw daError("DA_OBJECT_INVALID", `object of publisher ${header.publisher}: ${why}`);
}
