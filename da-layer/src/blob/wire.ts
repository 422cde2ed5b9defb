/** Questions of the blob lane: a row has the types of both ways, their bounds, and the quota with its reason. */
import { type Coding, converted, NOTHING, type PeerMethod } from "@noema/core/peer-methods";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { AvailabilityCert, AvailabilityHeader } from "@noema/core/ports/data";
import { availabilityCertType, availabilityHeaderType, fromSszCert, hash32, toSszCert } from "@noema/core/types/availability";
import { ByteListType, ByteVectorType, ContainerType, ListBasicType, UintNumberType } from "@noema/core/types/ssz";
import { daError } from "../errors.ts";
import { CERT_LIST } from "../payload/methods.ts";
import { MAX_CELLS_ASKED, PROVEN_CELL_BYTES } from "../sampling/cells.ts";
import { CODE_LENGTH } from "./code-points.ts";
import { type BlobObject, blobObjectType } from "./object.ts";
import { rowRecordBytes } from "./row-record.ts";

export const offerType = new ContainerType({ header: availabilityHeaderType, object: blobObjectType }, { typeName: "BlobOffer" });
export type BlobOffer = { header: AvailabilityHeader; object: BlobObject };
export const rowsRequestType = new ContainerType(
  { id: hash32, slots: new ListBasicType(new UintNumberType(2), CODE_LENGTH) },
  { typeName: "RowsRequest" },
);
export const objectRequestType = new ContainerType({ id: hash32 }, { typeName: "ObjectRequest" });

/** Answered with a signature, after the receiver has asked the publisher for its rows. A publisher has 8 under way and repeats each after 2 s. */
const offer: PeerMethod<BlobOffer, Bytes> = {
  name: "blob/offer",
  question: offerType as unknown as Coding<BlobOffer>,
  answer: new ByteVectorType(96),
  items: 1,
  perSecond: 32,
};

/** Records of those slots that are held. Once for each object that somebody reads. */
const rows: PeerMethod<{ id: Hash; slots: number[] }, Bytes> = {
  name: "blob/rows",
  question: rowsRequestType,
  answer: new ByteListType(rowRecordBytes(CODE_LENGTH)),
  items: CODE_LENGTH,
  perSecond: 256,
};

/** As `rows`. */
const object: PeerMethod<{ id: Hash }, BlobObject> = {
  name: "blob/object",
  question: objectRequestType,
  answer: blobObjectType as unknown as Coding<BlobObject>,
  items: 1,
  perSecond: 256,
};

export const cellsRequestType = new ContainerType(
  { id: hash32, slot: new UintNumberType(2), cells: new ListBasicType(new UintNumberType(1), MAX_CELLS_ASKED) },
  { typeName: "CellsRequest" },
);

/** Cells of one row with their proofs, for who samples: a row takes 0.3 s and more, and waits in a queue with shares. 40 samples are 40 rows. */
const cells: PeerMethod<{ id: Hash; slot: number; cells: number[] }, Bytes> = {
  name: "blob/cells",
  question: cellsRequestType,
  answer: new ByteVectorType(PROVEN_CELL_BYTES),
  items: MAX_CELLS_ASKED,
  perSecond: 128,
};

/** Answered with nothing. Costs a pairing, and a validator has few blobs a second. */
const cert: PeerMethod<AvailabilityCert, undefined> = {
  name: "blob/cert",
  question: converted(availabilityCertType, toSszCert, (raw) => fromSszCert(raw) ?? refuseKind(raw.kind)),
  answer: NOTHING,
  items: 1,
  perSecond: 64,
};

/** Certificates that are not included yet. Once a connection. */
const certs: PeerMethod<undefined, readonly AvailabilityCert[]> = {
  name: "blob/certs",
  question: NOTHING,
  answer: CERT_LIST,
  items: 1,
  perSecond: 4,
};

export const METHODS = { offer, rows, object, cells, cert, certs } as const;

function refuseKind(kind: number): never {
  throw daError("DA_FRAME_INVALID", `certificate of unknown kind ${kind}`);
}
