/**
 * What the payload lane must find again after a crash, in one AppendLog; a record is u8 type || SSZ:
 *   1 batch that this validator signs: the batch and signed(publisher, epoch, seq, id) in one, fsynced before the signature leaves
 *   2 batch of either kind, fetched by its certificate, not signed here
 *   3 certificate
 *   4 a header (by hash) was included at a height; height 0: it expired and gave its transactions back
 *   5 own sequence numbers below `end` are taken
 *   6 signed floors, written before the segments that prove them are dropped
 *   7 headers of epochs below `epoch` are not signed: records of them were lost
 *   8 as 1, of operations
 * A batch is needed until `height at append + K + retention`, and so is what stands beside it; what lies below the oldest needed
 * batch is dropped, after 6 and 7 have been written again. Two headers may have the same bytes, and so one id: each certificate's life counts.
 */
import { concatBytes, toHex } from "@noema/core/bytes";
import { INCLUSION_WINDOW } from "@noema/core/chain-limits";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert, AvailabilityHeader } from "@noema/core/ports/data";
import { availabilityHeaderHash, hash32, uint64 } from "@noema/core/types/availability";
import { ContainerType, decodeSsz, ListCompositeType } from "@noema/core/types/ssz";
import { numbersAbove } from "../shared/log-loss.ts";
import { createSignedIndex, type SignedIndex } from "../shared/signed-index.ts";
import { decodeBatch, decodeBatchHeader, encodeBatch, type PayloadKind, signedKey } from "./batch.ts";
import { decodeCert, encodeCert } from "./frames.ts";
import { createHeldBatches, type HeldBatch } from "./held-batches.ts";

const SIGNED_BATCH = 1;
const FETCHED_BATCH = 2;
const CERT = 3;
const INCLUDED = 4;
const RESERVED = 5;
const FLOORS = 6;
const BARRED = 7;
const SIGNED_SYSTEM = 8;

const includedType = new ContainerType({ headerHash: hash32, height: uint64 }, { typeName: "IncludedRecord" });
const reservedType = new ContainerType({ end: uint64 }, { typeName: "ReservedRecord" });
const barredType = new ContainerType({ epoch: uint64 }, { typeName: "BarredRecord" });
const floorType = new ContainerType({ publisher: uint64, epoch: uint64, seq: uint64 });
const floorsType = new ContainerType({ reserved: uint64, floors: new ListCompositeType(floorType, 1024) }, { typeName: "FloorsRecord" });

export type SignedBatch = { kind: PayloadKind; header: AvailabilityHeader };

/** The reader empties the lists. */
export type Replayed = {
  /** Of batches with a signed record, in order; own ones among them. */
  signed: SignedBatch[];
  certs: AvailabilityCert[];
  included: [headerKey: string, height: Height][];
};

export type PayloadJournal = {
  readonly replayed: Replayed;
  readonly signed: SignedIndex;
  /** Lowest own sequence number never reserved. */
  reservedEnd(): number;
  /** `encoded` is u8 any || SSZ of the batch; `signedAs` absent: it was fetched. */
  addBatch(encoded: Bytes, batch: HeldBatch & { header: AvailabilityHeader }, signedAs?: PayloadKind): void;
  addCert(cert: AvailabilityCert): void;
  addIncluded(headerHash: Hash, height: Height): void;
  /** An own batch that gave its transactions back: a restart does not offer them again. */
  close(header: AvailabilityHeader): void;
  reserve(end: number): Promise<void>;
  /** Headers of epochs below are not signed any more. */
  bar(epoch: number): Promise<void>;
  sync(): Promise<void>;
  holds(id: Hash): boolean;
  /** A held batch stays for as long as this certified header needs it: the header that it lies under may be older. */
  retain(header: AvailabilityHeader): void;
  batch(id: Hash): HeldBatch | undefined;
  /** It is executed: who asks for it from now on may wait for the disk. */
  release(id: Hash): void;
  /** Drops what is no longer needed at this height. */
  prune(height: Height, epoch: number): Promise<void>;
};

/** One for each batch kept, so it is small: 64-digit hex would take twice the bytes of `id`. */
type Kept = { position: number; until: Height; id: string; isSigned: boolean; publisher: number; epoch: number; seq: number };

const keyOf = (id: Hash) => Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString("latin1");

export function openPayloadJournal(log: AppendLog, retention: number, height: () => Height): PayloadJournal {
  /** Of two with the same bytes the one that is kept longer. */
  const batches = new Map<string, Kept>();
  const held = createHeldBatches();
  const signed = createSignedIndex();
  const kept: Kept[] = [];
  let reserved = log.loss === undefined ? 0 : numbersAbove(height());
  let barred = 0;
  const replayed: Replayed = { signed: [], certs: [], included: [] };

  const lifeFrom = (at: Height) => at + INCLUSION_WINDOW + retention;

  function indexBatch(position: number, header: AvailabilityHeader, signedAs?: PayloadKind): void {
    const isSigned = signedAs !== undefined;
    const id = keyOf(header.id);
    if (isSigned) signed.set(header.publisher, header.epoch, header.seq, signedKey(signedAs, header));
    const until = lifeFrom(Math.max(height(), header.refHeight));
    const fresh = { position, until, id, isSigned, publisher: header.publisher, epoch: header.epoch, seq: header.seq };
    if (until >= (batches.get(id)?.until ?? 0)) batches.set(id, fresh);
    kept.push(fresh);
  }
  function raiseBar(epoch: number): void {
    barred = Math.max(barred, epoch);
    signed.bar(barred);
  }
  function append(type: number, body: Bytes): number {
    return log.append(concatBytes(Uint8Array.of(type), body));
  }

  const readSigned = (kind: PayloadKind) => (position: number, record: Bytes) => {
    const header = decodeBatchHeader(record);
    indexBatch(position, header, kind);
    replayed.signed.push({ kind, header });
  };
  const readers: Readonly<Record<number, (position: number, record: Bytes) => void>> = {
    [SIGNED_BATCH]: readSigned("batch"),
    [SIGNED_SYSTEM]: readSigned("system"),
    [FETCHED_BATCH]: (position, record) => indexBatch(position, decodeBatchHeader(record)),
    [CERT](_position, record) {
      replayed.certs.push(decodeCert(record));
    },
    [INCLUDED](_position, record) {
      const { headerHash, height: at } = decodeSsz(includedType, record.subarray(1));
      replayed.included.push([toHex(headerHash), at]);
    },
    [RESERVED](_position, record) {
      reserved = Math.max(reserved, decodeSsz(reservedType, record.subarray(1)).end);
    },
    [FLOORS](_position, record) {
      const floors = decodeSsz(floorsType, record.subarray(1));
      reserved = Math.max(reserved, floors.reserved);
      for (const floor of floors.floors) signed.forget(floor.publisher, floor.epoch, floor.seq);
    },
    [BARRED]: (_position, record) => raiseBar(decodeSsz(barredType, record.subarray(1)).epoch),
  };
  for (const [position, record] of log.replay()) readers[record[0] as number]?.(position, record);

  function forget(dead: Kept): void {
    if (batches.get(dead.id) === dead) batches.delete(dead.id);
    if (dead.isSigned) signed.forget(dead.publisher, dead.epoch, dead.seq);
  }

  return {
    replayed,
    signed,
    reservedEnd: () => reserved,
    addBatch(encoded, { header, ...batch }, signedAs) {
      const record = new Uint8Array(encoded);
      record[0] = signedAs === undefined ? FETCHED_BATCH : signedAs === "system" ? SIGNED_SYSTEM : SIGNED_BATCH;
      indexBatch(log.append(record), header, signedAs);
      held.put(header.id, batch);
    },
    addCert(cert) {
      log.append(encodeCert(cert, CERT));
    },
    addIncluded(headerHash, at) {
      append(INCLUDED, includedType.serialize({ headerHash, height: at }));
    },
    close(header) {
      append(INCLUDED, includedType.serialize({ headerHash: availabilityHeaderHash(header), height: 0 }));
    },
    async reserve(end) {
      reserved = Math.max(reserved, end); // before the fsync: a prune meanwhile may drop this record's segment, and writes `reserved` again
      append(RESERVED, reservedType.serialize({ end }));
      await log.sync();
    },
    async bar(epoch) {
      raiseBar(epoch);
      append(BARRED, barredType.serialize({ epoch: barred }));
      await log.sync();
    },
    sync: () => log.sync(),
    holds: (id) => batches.has(keyOf(id)),
    retain(header) {
      const known = batches.get(keyOf(header.id));
      if (known === undefined || known.until >= lifeFrom(header.refHeight)) return;
      const record = log.read(known.position);
      if (record === undefined) return; // unreadable: it is fetched again when it is asked for
      indexBatch(log.append(encodeBatch(FETCHED_BATCH, { header, txs: decodeBatch(record).txs })), header);
    },
    batch(id) {
      const kept = batches.get(keyOf(id));
      if (kept === undefined) return undefined;
      const record = held.get(id) ?? log.read(kept.position);
      return record instanceof Uint8Array ? { txs: decodeBatch(record).txs } : record;
    },
    release: (id) => held.drop(id),
    async prune(at, epoch) {
      let dead = 0;
      while (dead < kept.length && kept[dead]!.until < at) dead++;
      for (const record of kept.splice(0, dead)) forget(record);
      signed.forgetEpochsBelow(epoch - 1);
      if (dead === 0) return;
      const floorsAt = append(FLOORS, floorsType.serialize({ reserved, floors: signed.floors() }));
      if (barred >= epoch) append(BARRED, barredType.serialize({ epoch: barred }));
      const oldest = kept[0]?.position ?? floorsAt;
      await log.sync();
      log.dropBelow(oldest);
    },
  };
}
