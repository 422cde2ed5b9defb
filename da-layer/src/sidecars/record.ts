/** One blob of a transaction with its commitment and proofs, on disk and between nodes, under the versioned hash of its commitment. */
import { equalBytes, toHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { SidecarBlob } from "@noema/core/ports/sidecars";
import { ByteVectorType, ContainerType, ListCompositeType } from "@noema/core/types/ssz";
import { ROW_BYTES } from "../blob/elements.ts";

export const CELL_PROOFS = 128;
const POINT = new ByteVectorType(48);

/** 137,276 bytes with cell proofs. */
export const sidecarBlobType = new ContainerType(
  { blob: new ByteVectorType(ROW_BYTES), commitment: POINT, proofs: new ListCompositeType(POINT, CELL_PROOFS) },
  { typeName: "SidecarBlob" },
);

const SUM_BYTES = 32;

/** EIP-4844 kzg_to_versioned_hash. */
export function versionedHashOf(commitment: Bytes): Hash {
  const hash = sha256(commitment);
  hash[0] = 1;
  return hash;
}

export const nameOf = (hash: Hash): string => toHex(hash);

/** sha256 || the blob's SSZ. */
export function encodeRecord({ blob, commitment, proofs }: SidecarBlob): Bytes {
  const body = sidecarBlobType.serialize({ blob, commitment, proofs: [...proofs] });
  return new Uint8Array(Buffer.concat([sha256(body), body]));
}

/** undefined: it is not as it was written. */
export function decodeRecord(record: Bytes, hash: Hash): SidecarBlob | undefined {
  const body = record.subarray(SUM_BYTES);
  if (!equalBytes(sha256(body), record.subarray(0, SUM_BYTES))) return undefined;
  const sidecar = sidecarBlobType.deserialize(body);
  return equalBytes(versionedHashOf(sidecar.commitment), hash) ? sidecar : undefined;
}
