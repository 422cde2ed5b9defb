/**
 * What describes an object. blobId = H over "noema/blob/1", SSZ(meta), rowsRoot, C_1 .. C_R, each after its length (u32be). Everything
 * that can vary a row or a commitment is inside; y and pi are functions of blobId and stay out.
 */
import { u32be, utf8 } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { hash32, uint64 } from "@noema/core/types/availability";
import { ByteListType, ByteVectorType, ContainerType, ListCompositeType } from "@noema/core/types/ssz";
import { MAX_DATA_ROWS } from "./elements.ts";

export const MAX_NAMESPACE_BYTES = 32;
export const OBJECT_VERSION = 1;

export const blobMetaType = new ContainerType(
  {
    version: uint64,
    chainId: uint64,
    namespace: new ByteListType(MAX_NAMESPACE_BYTES),
    /** Account that pays. */
    publisher: new ByteVectorType(20),
    nonce: uint64,
    epoch: uint64,
    R: uint64,
    N: uint64,
    payloadLen: uint64,
    expiry: uint64,
  },
  { typeName: "BlobMeta" },
);
export type BlobMeta = {
  version: number;
  chainId: number;
  namespace: Bytes;
  publisher: Bytes;
  nonce: number;
  epoch: number;
  /** Data rows. */
  R: number;
  /** All rows. */
  N: number;
  payloadLen: number;
  /** Height. */
  expiry: number;
};

/** The packet without its rows: about 130 + 80 R bytes. */
export const blobObjectType = new ContainerType(
  {
    meta: blobMetaType,
    rowsRoot: hash32,
    commitments: new ListCompositeType(new ByteVectorType(48), MAX_DATA_ROWS),
    /** y_i = row_i(z), 32 bytes big endian. */
    ys: new ListCompositeType(hash32, MAX_DATA_ROWS),
    /** Opening of sum rho^i row_i at z. */
    proof: new ByteVectorType(48),
  },
  { typeName: "BlobObject" },
);
export type BlobObject = { meta: BlobMeta; rowsRoot: Hash; commitments: Bytes[]; ys: Bytes[]; proof: Bytes };

const TAG = utf8("noema/blob/1");

/** H of the parts, each after its length. */
export function hashParts(parts: readonly Bytes[]): Hash {
  return sha256(...prefixed(parts));
}

export function prefixed(parts: readonly Bytes[]): Bytes[] {
  return parts.flatMap((part) => [u32be(part.length), part]);
}

export function blobId(meta: BlobMeta, rowsRoot: Hash, commitments: readonly Bytes[]): Hash {
  return hashParts([TAG, blobMetaType.serialize(meta), rowsRoot, ...commitments]);
}

export function objectId(object: BlobObject): Hash {
  return blobId(object.meta, object.rowsRoot, object.commitments);
}
