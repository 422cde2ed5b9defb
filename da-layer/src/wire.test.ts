/** Frozen encodings (fixtures/encodings.json, written by `UPDATE_GOLDEN=1 vitest`), and decoders that meet any bytes with a typed error. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import type { AppendLog } from "@noema/core/ports/append-log";
import type { AvailabilityCert } from "@noema/core/ports/data";
import { createMemoryLog } from "@noema/core/testing/memory-log";
import { decodeBounded } from "@noema/core/types/ssz";
import { createValidatorSet } from "@noema/core/validator-set";
import fc from "fast-check";
import { expect, it } from "vitest";
import { assignSlots } from "./blob/assignment.ts";
import { openCatalog } from "./blob/catalog.ts";
import { aggregationFactor, evaluationPoint } from "./blob/challenge.ts";
import { rowLeaf } from "./blob/chunk-tree.ts";
import { slotPoint } from "./blob/code-points.ts";
import { elementToBytes, ROW_BYTES } from "./blob/elements.ts";
import { blobMetaType, blobObjectType, objectId } from "./blob/object.ts";
import { decodeRowRecord, encodeRowRecord, readRowRecords } from "./blob/row-record.ts";
import { cellsRequestType, objectRequestType, offerType, rowsRequestType } from "./blob/wire.ts";
import { errors } from "./errors.ts";
import { encodeListing } from "./files/listing.ts";
import { encodeManifest } from "./files/manifest.ts";
import { parseDaGenesis } from "./options.ts";
import { batchId, decodeBatch, decodeBatchHeader, decodeTransactions, encodeBatch } from "./payload/batch.ts";
import {
  BATCH_FRAME,
  batchRequestType,
  decodeCert,
  decodeCerts,
  decodeSignature,
  encodeCert,
  encodeCerts,
  encodeSignature,
  FRAME_OF,
  frameType,
} from "./payload/frames.ts";
import { homeOrder } from "./payload/home.ts";
import { openPayloadJournal } from "./payload/journal.ts";
import { decodeProvenCells } from "./sampling/cells.ts";
import { testMeta } from "./testing/blob.ts";

const file = new URL("../fixtures/encodings.json", import.meta.url);
const fill = (n: number, value: number) => new Uint8Array(n).fill(value);

const txs = [fill(100, 2), fill(3, 9)];
const header = { epoch: 1, publisher: 2, seq: 3, refHeight: 4, bytes: 103, gasLimitSum: 42_000n, expiry: 0, id: batchId(txs) };
const cert: AvailabilityCert = { kind: "batch", header, certificate: { bitmap: Uint8Array.of(0b1011), signature: fill(96, 5) } };
const object = { meta: testMeta(100), rowsRoot: fill(32, 1), commitments: [fill(48, 2)], ys: [fill(32, 3)], proof: fill(48, 4) };
const manifest = {
  kind: "file" as const,
  depth: 0 as const,
  bytes: 5,
  sha256: fill(32, 7),
  contentType: "a/b",
  name: "ü",
  entries: [{ id: fill(32, 8), bytes: 5 }],
};
const set = createValidatorSet(
  0,
  [3, 1, 2].map((w, i) => ({ publicKey: fill(48, i + 1), weight: BigInt(w), feeAddress: fill(20, i) })),
);
const ramp = Uint8Array.from({ length: ROW_BYTES }, (_, i) => (i % 32 === 0 ? 0 : i % 251));

function recordOf(write: (log: AppendLog) => unknown): string {
  const log = createMemoryLog();
  write(log);
  return [...log.replay()].map(([, record]) => toHex(record)).join();
}

function encodings(): Record<string, string> {
  return {
    batchFrame: toHex(encodeBatch(BATCH_FRAME, { header, txs })),
    signatureFrame: toHex(encodeSignature({ epoch: 1, seq: 3, headerHash: fill(32, 8), signature: fill(96, 5) })),
    certFrame: toHex(encodeCert(cert)),
    certList: toHex(encodeCerts([cert, cert])),
    batchRequest: toHex(batchRequestType.serialize({ id: header.id })),
    blobMeta: toHex(blobMetaType.serialize(object.meta)),
    blobObject: toHex(blobObjectType.serialize(object)),
    offer: toHex(offerType.serialize({ header, object })),
    manifest: toHex(encodeManifest(manifest)),
    listing: toHex(encodeListing([{ path: "a/ü", bytes: 3, id: fill(32, 6), offset: 4 }])),
    rowsRequest: toHex(rowsRequestType.serialize({ id: header.id, slots: [1, 515] })),
    cellsRequest: toHex(cellsRequestType.serialize({ id: header.id, slot: 515, cells: [0, 127] })),
    blobId: toHex(objectId(object)),
    z: toHex(elementToBytes(evaluationPoint(fill(32, 6)))),
    rho: toHex(elementToBytes(aggregationFactor(fill(32, 6), [fill(32, 1), fill(32, 2)]))),
    rowLeaf: toHex(rowLeaf(ramp)),
    rowRecordHash: toHex(sha256(encodeRowRecord({ slot: 515, row: ramp, path: [fill(32, 1), fill(32, 2)] }))),
    slotPoints: [0, 1, 23, 24, 71].map((s) => toHex(elementToBytes(slotPoint(s, 24)))).join(),
    slots: JSON.stringify(assignSlots(set, 8, fill(32, 1), fill(20, 2), 3)),
    systemFrame: toHex(encodeBatch(FRAME_OF.system, { header, txs })),
    systemRecord: recordOf((log) =>
      openPayloadJournal(log, 1024, () => 0).addBatch(encodeBatch(0, { header, txs }), { header, txs }, "system"),
    ),
    barredRecords: [
      recordOf((log) => openPayloadJournal(log, 1024, () => 0).bar(7)),
      recordOf((log) => openCatalog(log, 1024, () => 0).bar(7)),
    ].join(),
    homeOrder: JSON.stringify([0, 1, 2, 3].map((i) => homeOrder(fill(32, 1), set, fill(20, i)))),
  };
}

it("encodings are the frozen ones", () => {
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, `${JSON.stringify(encodings(), null, 2)}\n`);
  expect(encodings()).toEqual(JSON.parse(readFileSync(file, "utf8")));
});

it("decoders give back what was encoded", () => {
  const frame = encodeBatch(BATCH_FRAME, { header, txs });
  expect(decodeBatch(frame)).toEqual({ header, txs });
  expect(decodeBatchHeader(frame)).toEqual(header);
  expect(decodeCert(encodeCert(cert))).toEqual(cert);
  expect(decodeCerts(encodeCerts([cert]))).toEqual([cert]);
  const row = { slot: 3, row: ramp, path: [fill(32, 1), fill(32, 2)] };
  expect(Buffer.compare(encodeRowRecord(decodeRowRecord(encodeRowRecord(row), 4)), encodeRowRecord(row))).toBe(0);
});

it("a batch's id is the hash of its transactions' bytes, as the frame ends with them", () => {
  const frame = encodeBatch(BATCH_FRAME, { header, txs });
  expect(
    createHash("sha256")
      .update(frame.subarray(-(4 * txs.length + 103)))
      .digest(),
  ).toEqual(Buffer.from(batchId(txs)));
});

it("a stream of row records may be cut anywhere, but must end after a record", async () => {
  const record = encodeRowRecord({ slot: 1, row: ramp, path: [fill(32, 1), fill(32, 2)] });
  const stream = Buffer.concat([record, record]);
  const read = async (bytes: Uint8Array, size: number) => {
    const slots: number[] = [];
    const cut = async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    };
    for await (const { slot } of readRowRecords(cut(), 4)) slots.push(slot);
    return slots;
  };
  for (const size of [1000, 131_072, record.length, 200_000, 1 << 20]) expect(await read(stream, size)).toEqual([1, 1]);
  await expect(read(stream.subarray(0, -1), 65_536)).rejects.toMatchObject({ code: "DA_FRAME_INVALID" });
});

const TYPED = new Set(["SSZ_INVALID", ...Object.keys(errors)]);
const decoders: Record<string, (bytes: Uint8Array) => unknown> = {
  frameType,
  batch: decodeBatch,
  batchHeader: decodeBatchHeader,
  transactions: decodeTransactions,
  signature: decodeSignature,
  cert: decodeCert,
  certs: decodeCerts,
  offer: (b) => decodeBounded(offerType, b),
  rowsRequest: (b) => decodeBounded(rowsRequestType, b),
  cellsRequest: (b) => decodeBounded(cellsRequestType, b),
  provenCells: (b) => decodeProvenCells(b, 1),
  objectRequest: (b) => decodeBounded(objectRequestType, b),
  object: (b) => decodeBounded(blobObjectType, b),
  rowRecord: (b) => decodeRowRecord(b, 8),
};
const good = Object.values(encodings())
  .filter((hex) => /^[0-9a-f]+$/.test(hex))
  .map((hex) => Buffer.from(hex, "hex"));
const mutated = fc.tuple(fc.constantFrom(...good), fc.nat(), fc.nat(255), fc.nat(40)).map(([bytes, at, value, cut]) => {
  const out = new Uint8Array(bytes);
  out[at % out.length] = value;
  return cut < 10 ? out.subarray(0, out.length - cut) : out;
});

it.each(Object.entries(decoders))("%s: any bytes decode or give a typed error", (_name, decode) => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 600 }), mutated), (bytes) => {
      try {
        decode(bytes);
      } catch (error) {
        if (!isNoemaError(error) || !TYPED.has(error.code)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});

it("limits are checked before anything is decoded", () => {
  expect(() => frameType(fill(200_000, BATCH_FRAME))).toThrow(expect.objectContaining({ code: "DA_FRAME_INVALID" }));
  expect(() => decodeBounded(rowsRequestType, fill(10_000, 0))).toThrow(expect.objectContaining({ code: "SSZ_INVALID" }));
});

it("logs that another version wrote are read over unknown records", () => {
  const log = createMemoryLog();
  log.append(Uint8Array.of(200, 1, 2, 3));
  expect(openPayloadJournal(log, 1024, () => 0).replayed.signed).toEqual([]);
  expect(openCatalog(log, 1024, () => 0).replayed.certs).toEqual([]);
});

it("the genesis section has defaults, and names what is wrong", () => {
  expect(parseDaGenesis({}).maxRows).toBe(32);
  expect(() => parseDaGenesis({ maxRows: 129 })).toThrow(/da\.maxRows/);
  expect(() => parseDaGenesis({ rows: 1 })).toThrow(expect.objectContaining({ code: "DA_OPTIONS_INVALID" }));
});
