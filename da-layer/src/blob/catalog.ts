/**
 * What the blob lane must find again after a crash: small records in one AppendLog (catalog-records.ts; rows lie in the row store). They
 * live until their object's expiry.
 */
import { createBoundedMap } from "@noema/core/bounded";
import { concatBytes, fromHex, toHex } from "@noema/core/bytes";
import { INCLUSION_WINDOW } from "@noema/core/chain-limits";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert, AvailabilityHeader } from "@noema/core/ports/data";
import { availabilityHeaderHash, availabilityHeaderType } from "@noema/core/types/availability";
import { decodeSsz } from "@noema/core/types/ssz";
import { decodeCert, encodeCert } from "../payload/frames.ts";
import { headerKey } from "../shared/cert-pool.ts";
import { numbersAbove } from "../shared/log-loss.ts";
import { createSignedIndex, type SignedIndex } from "../shared/signed-index.ts";
import {
  BARRED,
  CERT,
  DISPERSED,
  DISPERSING,
  FLOORS,
  floorsType,
  INCLUDED,
  includedType,
  LOST,
  lostType,
  numberType,
  OBJECT,
  RESERVED,
  ROWS,
  rowsType,
  SCRUBBED,
  SIGNED,
  scrubbedType,
} from "./catalog-records.ts";
import { type BlobObject, blobObjectType, objectId } from "./object.ts";

export type HeldRow = { slot: number; position: number };
/** What is known of one object. */
export type CatalogEntry = {
  objectAt?: number;
  bucket?: number;
  /** Slots to positions. */
  rows: Map<number, number>;
  /** Slots of rows that were lost and are not written anew yet. */
  lost: Set<number>;
  certAt?: number;
  height?: Height;
  /** Height after which the object is forgotten. */
  expiry: Height;
};

export type Catalog = {
  readonly signed: SignedIndex;
  entry(id: Hash): CatalogEntry | undefined;
  object(id: Hash): BlobObject | undefined;
  cert(id: Hash): AvailabilityCert | undefined;
  /** To which height an object that is forgotten was kept; undefined: not one of the last thousands. */
  expiredAt(id: Hash): Height | undefined;
  /** Above every position that was ever recorded here of a row in this bucket. */
  above(bucket: number): number;
  /** In the order in which they became known; those that come meanwhile are its last. */
  ids(): Iterable<Hash>;
  /** Rows held, and one for each object without any. */
  turns(): number;
  lostRows(): Iterable<[id: Hash, slot: number]>;
  /** The row cannot be read: until it is written anew it is not held. */
  loseRow(id: Hash, slot: number): void;
  addObject(object: BlobObject): void;
  addRows(id: Hash, bucket: number, rows: readonly HeldRow[]): void;
  addSigned(header: AvailabilityHeader): void;
  addCert(cert: AvailabilityCert): void;
  addIncluded(header: AvailabilityHeader, height: Height): void;
  addDispersal(header: AvailabilityHeader): void;
  endDispersal(seq: number): void;
  /** Where a scrub goes on after a restart. */
  scrubbedTo(): Hash | undefined;
  markScrubbed(id: Hash): Promise<void>;
  reservedEnd(): number;
  reserve(end: number): Promise<void>;
  /** Headers of epochs below are not signed any more. */
  bar(epoch: number): Promise<void>;
  sync(): Promise<void>;
  /** Found by replay. */
  readonly replayed: { certs: AvailabilityCert[]; included: [string, Height][]; dispersals: Map<number, AvailabilityHeader> };
  /** Forgets expired objects, and records that nothing needs at this height. */
  prune(height: Height, epoch: number): Promise<void>;
};

/** 100 bytes each; who asks later is told that the object is not known. */
const MAX_EXPIRED = 16_384;

type Kept = { position: number; until: Height; signed?: AvailabilityHeader };

export function openCatalog(log: AppendLog, retention: number, height: () => Height): Catalog {
  const entries = new Map<string, CatalogEntry>();
  const idOfHeader = new Map<string, string>();
  const expired = createBoundedMap<string, Height>(MAX_EXPIRED);
  const highest = new Map<number, number>();
  const signed = createSignedIndex();
  const kept: Kept[] = [];
  const dispersals = new Map<number, AvailabilityHeader>();
  const replayed = { certs: [] as AvailabilityCert[], included: [] as [string, Height][], dispersals };
  let reserved = log.loss === undefined ? 0 : numbersAbove(height());
  let barred = 0;
  let scrubbed: Hash | undefined;

  function keep(position: number, expiry = height() + retention, header?: AvailabilityHeader): void {
    kept.push({ position, until: expiry + INCLUSION_WINDOW, signed: header });
  }
  function raiseBar(at: number, epoch: number): void {
    barred = Math.max(barred, epoch);
    signed.bar(barred);
    keep(at);
  }
  function entryOf(id: Hash | string): CatalogEntry {
    const key = typeof id === "string" ? id : toHex(id);
    const known = entries.get(key);
    if (known !== undefined) return known;
    const fresh: CatalogEntry = { rows: new Map(), lost: new Set(), expiry: 0 };
    entries.set(key, fresh);
    return fresh;
  }
  const apply = {
    object(at: number, object: BlobObject) {
      const entry = entryOf(objectId(object));
      entry.objectAt ??= at;
      entry.expiry = object.meta.expiry;
      keep(at, object.meta.expiry);
    },
    rows(at: number, id: Hash, bucket: number, rows: readonly HeldRow[]) {
      const entry = entryOf(id);
      entry.bucket = bucket;
      for (const { slot, position } of rows) {
        entry.rows.set(slot, position);
        entry.lost.delete(slot);
        highest.set(bucket, Math.max(highest.get(bucket) ?? -1, position));
      }
      keep(at);
    },
    lost(at: number, id: Hash, slot: number) {
      const entry = entries.get(toHex(id));
      if (entry?.rows.delete(slot)) entry.lost.add(slot);
      keep(at);
    },
    scrubbed(at: number, id: Hash) {
      scrubbed = id;
      keep(at);
    },
    signed(at: number, header: AvailabilityHeader) {
      signed.set(header.publisher, header.epoch, header.seq, headerKey(header));
      keep(at, header.expiry, header);
    },
    cert(at: number, cert: AvailabilityCert) {
      const entry = entryOf(cert.header.id);
      entry.certAt = at;
      entry.expiry = cert.header.expiry;
      idOfHeader.set(headerKey(cert.header), toHex(cert.header.id));
      keep(at, cert.header.expiry);
    },
    included(at: number, key: string, included: Height) {
      const id = idOfHeader.get(key);
      if (id !== undefined) entryOf(id).height = included;
      keep(at);
    },
    dispersal(at: number, header: AvailabilityHeader) {
      dispersals.set(header.seq, header);
      keep(at, header.expiry);
    },
  };
  const readers: Readonly<Record<number, (at: number, body: Bytes, record: Bytes) => void>> = {
    [OBJECT]: (at, body) => apply.object(at, decodeSsz(blobObjectType, body) as BlobObject),
    [ROWS](at, body) {
      const { id, bucket, rows } = decodeSsz(rowsType, body);
      apply.rows(at, id, bucket, rows);
    },
    [SIGNED]: (at, body) => apply.signed(at, decodeSsz(availabilityHeaderType, body)),
    [CERT](at, _body, record) {
      const cert = decodeCert(record);
      replayed.certs.push(cert);
      apply.cert(at, cert);
    },
    [INCLUDED](at, body) {
      const included = decodeSsz(includedType, body);
      const key = toHex(included.headerHash);
      replayed.included.push([key, included.height]);
      apply.included(at, key, included.height);
    },
    [RESERVED](at, body) {
      reserved = Math.max(reserved, decodeSsz(numberType, body).value);
      keep(at);
    },
    [DISPERSING]: (at, body) => apply.dispersal(at, decodeSsz(availabilityHeaderType, body)),
    [DISPERSED](at, body) {
      dispersals.delete(decodeSsz(numberType, body).value);
      keep(at);
    },
    [LOST](at, body) {
      const { id, slot } = decodeSsz(lostType, body);
      apply.lost(at, id, slot);
    },
    [SCRUBBED]: (at, body) => apply.scrubbed(at, decodeSsz(scrubbedType, body).id),
    [BARRED]: (at, body) => raiseBar(at, decodeSsz(numberType, body).value),
    [FLOORS](at, body) {
      const floors = decodeSsz(floorsType, body);
      reserved = Math.max(reserved, floors.reserved);
      for (const floor of floors.floors) signed.forget(floor.publisher, floor.epoch, floor.seq);
      keep(at);
    },
  };
  for (const [position, record] of log.replay()) readers[record[0] as number]?.(position, record.subarray(1), record);

  const append = (type: number, body: Bytes) => log.append(concatBytes(Uint8Array.of(type), body));
  const recordAt = (position: number | undefined) => (position === undefined ? undefined : log.read(position));

  return {
    signed,
    replayed,
    entry: (id) => entries.get(toHex(id)),
    object(id) {
      const record = recordAt(entries.get(toHex(id))?.objectAt);
      return record && (decodeSsz(blobObjectType, record.subarray(1)) as BlobObject);
    },
    cert(id) {
      const record = recordAt(entries.get(toHex(id))?.certAt);
      return record && decodeCert(record);
    },
    expiredAt: (id) => expired.get(toHex(id)),
    above: (bucket) => (highest.get(bucket) ?? -1) + 1,
    *ids() {
      for (const key of entries.keys()) yield fromHex(key);
    },
    turns() {
      let turns = 0;
      for (const { rows } of entries.values()) turns += Math.max(1, rows.size);
      return turns;
    },
    *lostRows() {
      for (const [key, { lost }] of entries) for (const slot of lost) yield [fromHex(key), slot];
    },
    loseRow: (id, slot) => apply.lost(append(LOST, lostType.serialize({ id, slot })), id, slot),
    addObject: (object) => apply.object(append(OBJECT, blobObjectType.serialize(object)), object),
    addRows: (id, bucket, rows) => apply.rows(append(ROWS, rowsType.serialize({ id, bucket, rows: [...rows] })), id, bucket, rows),
    addSigned: (header) => apply.signed(append(SIGNED, availabilityHeaderType.serialize(header)), header),
    addCert: (cert) => apply.cert(log.append(encodeCert(cert, CERT)), cert),
    addIncluded(header, at) {
      const headerHash = availabilityHeaderHash(header);
      apply.included(append(INCLUDED, includedType.serialize({ headerHash, height: at })), toHex(headerHash), at);
    },
    addDispersal: (header) => apply.dispersal(append(DISPERSING, availabilityHeaderType.serialize(header)), header),
    endDispersal(seq) {
      dispersals.delete(seq);
      keep(append(DISPERSED, numberType.serialize({ value: seq })));
    },
    scrubbedTo: () => scrubbed,
    async markScrubbed(id) {
      apply.scrubbed(append(SCRUBBED, scrubbedType.serialize({ id })), id);
      await log.sync();
    },
    reservedEnd: () => reserved,
    async reserve(end) {
      reserved = Math.max(reserved, end); // before the fsync: a prune meanwhile writes it again
      keep(append(RESERVED, numberType.serialize({ value: end })));
      await log.sync();
    },
    async bar(epoch) {
      raiseBar(append(BARRED, numberType.serialize({ value: epoch })), epoch);
      await log.sync();
    },
    sync: () => log.sync(),
    async prune(at, epoch) {
      for (const [id, { expiry, objectAt, certAt }] of entries) {
        if (expiry >= at) continue;
        entries.delete(id);
        if (objectAt !== undefined || certAt !== undefined) expired.set(id, expiry);
      }
      for (const [key, id] of idOfHeader) if (!entries.has(id)) idOfHeader.delete(key);
      let dead = 0;
      while (dead < kept.length && kept[dead]!.until < at) dead++;
      if (dead === 0) return;
      for (const { signed: header } of kept.splice(0, dead)) {
        if (header !== undefined) signed.forget(header.publisher, header.epoch, header.seq);
      }
      signed.forgetEpochsBelow(epoch - 1);
      keep(append(FLOORS, floorsType.serialize({ reserved, floors: signed.floors() })));
      if (barred >= epoch) raiseBar(append(BARRED, numberType.serialize({ value: barred })), barred);
      await log.sync();
      log.dropBelow(kept[0]!.position);
    },
  };
}
