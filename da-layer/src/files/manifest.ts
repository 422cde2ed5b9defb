/**
 * A manifest: the object that says of which objects a file consists (docs/protocol/files.md 1). Its bytes are
 * "noema/manifest/" (15) ‖ u8 version = 1 ‖ SSZ Manifest.
 */
import { concatBytes, equalBytes, utf8, ZERO_HASH } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { hash32, uint64 } from "@noema/core/types/availability";
import { ByteListType, ContainerType, decodeBounded, ListCompositeType, UintNumberType } from "@noema/core/types/ssz";
import { ROW_PAYLOAD } from "../blob/elements.ts";
import { MAX_DATA_ROWS } from "../blob/object.ts";
import { daError } from "../errors.ts";
import { MAX_NAME_BYTES, MAX_TYPE_BYTES, nameFault, textOf, typeFault } from "./names.ts";

export const MAGIC = utf8("noema/manifest/");
const MANIFEST_VERSION = 1;
/** Of one manifest, which a reader decodes at once: 133 GB of objects of the default size, or so many parts. */
const MAX_ENTRIES = 2 ** 15;
export const DEFAULT_TYPE = "application/octet-stream";

/** file: the pieces joined are its bytes. directory: they are a listing (listing.ts). part: some of the pieces of a larger one. */
const KINDS = ["file", "directory", "part"] as const;

const manifestType = new ContainerType(
  {
    kind: new UintNumberType(1),
    /** 0: entries are objects, their payload as it is. 1: entries are parts, whose entries are objects. */
    depth: new UintNumberType(1),
    /** All pieces together. */
    bytes: uint64,
    /** Of all pieces together; zeros in a part. */
    sha256: hash32,
    contentType: new ByteListType(MAX_TYPE_BYTES),
    name: new ByteListType(MAX_NAME_BYTES),
    entries: new ListCompositeType(new ContainerType({ id: hash32, bytes: uint64 }, { typeName: "Piece" }), MAX_ENTRIES),
  },
  { typeName: "Manifest" },
);

/** `bytes`: of the file's bytes, those in this object, or in the objects of this part. */
export type Piece = { id: Hash; bytes: number };
export type Manifest = {
  kind: (typeof KINDS)[number];
  depth: 0 | 1;
  bytes: number;
  sha256: Hash;
  /** Empty in a part. */
  contentType: string;
  /** May be empty. */
  name: string;
  entries: Piece[];
};

const PIECE_BYTES = 40;
const MOST_WITHOUT_ENTRIES = MAGIC.length + 1 + manifestType.minSize + MAX_TYPE_BYTES + MAX_NAME_BYTES;

/** Pieces that a manifest can name where an object holds `objectBytes`. */
export function piecesPerManifest(objectBytes: number): number {
  return Math.min(MAX_ENTRIES, Math.floor((objectBytes - MOST_WITHOUT_ENTRIES) / PIECE_BYTES));
}

/** Whether an object's first bytes (15 at least, where it has them) are a manifest's, of any version. */
export function isManifest(payload: Bytes): boolean {
  return payload.length >= MAGIC.length && equalBytes(payload.subarray(0, MAGIC.length), MAGIC);
}

/** Throws DA_MANIFEST_INVALID for what `decodeManifest` would refuse. */
export function encodeManifest(manifest: Manifest): Bytes {
  check(manifest);
  const { kind, contentType, name } = manifest;
  const value = { ...manifest, kind: KINDS.indexOf(kind), contentType: utf8(contentType), name: utf8(name) };
  return concatBytes(MAGIC, Uint8Array.of(MANIFEST_VERSION), manifestType.serialize(value));
}

/** A whole object's payload. Throws DA_MANIFEST_INVALID. */
export function decodeManifest(payload: Bytes): Manifest {
  if (!isManifest(payload)) throw invalid("its first bytes are not a manifest's");
  const version = payload[MAGIC.length];
  if (version !== MANIFEST_VERSION) throw invalid(`version ${version}; ${MANIFEST_VERSION} is known here`);
  const { kind, depth, contentType, name, ...rest } = decoded(payload.subarray(MAGIC.length + 1));
  const manifest = { ...rest, kind: KINDS[kind], depth, contentType: textOf(contentType), name: textOf(name) };
  check(manifest);
  return manifest;
}

function decoded(ssz: Bytes) {
  try {
    return decodeBounded(manifestType, ssz);
  } catch (error) {
    throw isNoemaError(error) ? invalid("its bytes are no manifest's", error) : error;
  }
}

type Unchecked = {
  [K in keyof Manifest]: K extends "entries" | "bytes" | "sha256" ? Manifest[K] : Manifest[K] | number | string | undefined;
};

function check(manifest: Unchecked): asserts manifest is Manifest {
  const { kind, depth, bytes, sha256, contentType, name, entries } = manifest;
  if (kind === undefined) throw invalid("unknown kind");
  if (depth !== 0 && depth !== 1) throw invalid(`depth ${depth}; it is 0 or 1`);
  if (depth === 1 && entries.length < 2) throw invalid(`${entries.length} parts; fewer than 2 need none`);
  let sum = 0;
  for (const [i, piece] of entries.entries()) {
    if (piece.bytes < 1) throw invalid(`entry ${i} is empty`);
    if (depth === 0 && piece.bytes > MAX_DATA_ROWS * ROW_PAYLOAD) throw invalid(`entry ${i} has ${piece.bytes} bytes, more than an object`);
    sum += piece.bytes;
    if (sum > bytes) break;
  }
  if (sum !== bytes) throw invalid(`its entries have other than the ${bytes} bytes that it says`);
  if (kind === "part") {
    if (depth !== 0 || entries.length === 0 || contentType !== "" || name !== "" || !equalBytes(sha256, ZERO_HASH))
      throw invalid("a part has entries and nothing else");
    return;
  }
  const faults = [
    typeof contentType === "string" ? typeFault(contentType) : "is no UTF-8",
    name === "" ? undefined : typeof name === "string" ? nameFault(name) : "is no UTF-8",
  ];
  for (const [i, fault] of faults.entries()) if (fault !== undefined) throw invalid(`its ${i === 0 ? "content type" : "name"} ${fault}`);
}

const invalid = (why: string, cause?: unknown) => daError("DA_MANIFEST_INVALID", `a manifest that breaks its form: ${why}`, {}, cause);
