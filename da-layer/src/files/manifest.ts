/**
 * A manifest: the object that says of which objects a file consists (docs/protocol/files.md 1). Its bytes are
 * "noema/manifest/" (15) ‖ u8 version = 1 ‖ SSZ Manifest (manifest-ssz.ts). Runs in Node and in browsers.
 */
import { concatBytes, utf8 } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { MAX_DATA_ROWS, ROW_PAYLOAD } from "../blob/elements.ts";
import { daError } from "../errors.ts";
import { MAX_ENTRIES, type ManifestFields, PIECE_BYTES, readManifest, SMALLEST_MANIFEST, writeManifest } from "./manifest-ssz.ts";
import { MAX_NAME_BYTES, MAX_TYPE_BYTES, nameFault, textOf, typeFault } from "./names.ts";

export const MAGIC = utf8("noema/manifest/");
const MANIFEST_VERSION = 1;
export const DEFAULT_TYPE = "application/octet-stream";

/** file: the pieces joined are its bytes. directory: they are a listing (listing.ts). part: some of the pieces of a larger one. */
const KINDS = ["file", "directory", "part"] as const;

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

const MOST_WITHOUT_ENTRIES = MAGIC.length + 1 + SMALLEST_MANIFEST + MAX_TYPE_BYTES + MAX_NAME_BYTES;

/** Pieces that a manifest can name where an object holds `objectBytes`. */
export function piecesPerManifest(objectBytes: number): number {
  return Math.min(MAX_ENTRIES, Math.floor((objectBytes - MOST_WITHOUT_ENTRIES) / PIECE_BYTES));
}

/** Whether an object's first bytes (15 at least, where it has them) are a manifest's, of any version. */
export function isManifest(payload: Bytes): boolean {
  return payload.length >= MAGIC.length && MAGIC.every((byte, i) => payload[i] === byte);
}

/** Throws DA_MANIFEST_INVALID for what `decodeManifest` would refuse. */
export function encodeManifest(manifest: Manifest): Bytes {
  check(manifest);
  const { kind, contentType, name } = manifest;
  const value = { ...manifest, kind: KINDS.indexOf(kind), contentType: utf8(contentType), name: utf8(name) };
  return concatBytes(MAGIC, Uint8Array.of(MANIFEST_VERSION), writeManifest(value));
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

function decoded(ssz: Bytes): ManifestFields {
  const fields = readManifest(ssz);
  if (fields === undefined) throw invalid("its bytes are no manifest's");
  return fields;
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
    if (depth !== 0 || entries.length === 0 || contentType !== "" || name !== "" || sha256.some((byte) => byte !== 0))
      throw invalid("a part has entries and nothing else");
    return;
  }
  const faults = [
    typeof contentType === "string" ? typeFault(contentType) : "is no UTF-8",
    name === "" ? undefined : typeof name === "string" ? nameFault(name) : "is no UTF-8",
  ];
  for (const [i, fault] of faults.entries()) if (fault !== undefined) throw invalid(`its ${i === 0 ? "content type" : "name"} ${fault}`);
}

const invalid = (why: string) => daError("DA_MANIFEST_INVALID", `a manifest that breaks its form: ${why}`);
