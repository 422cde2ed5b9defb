/**
 * What a client sends: any transaction, and blob transactions also with their sidecar
 *   0x03 || rlp([body, blobs, commitments, proofs])       EIP-4844
 *   0x03 || rlp([body, 1, blobs, commitments, proofs])    EIP-7594: cell proofs
 * The canonical transaction is 0x03 || body; the sidecar is kept apart.
 */

import { concatBytes, equalBytes, to0x } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { SidecarBlob } from "@noema/core/ports/sidecars";
import { atEnd, createReader, expectEnd, next, type RlpReader, readList, readUint } from "../rlp/reader.ts";
import { checkSize, decodeTransaction } from "./decode.ts";
import { readFixed } from "./decode-lists.ts";
import { txError } from "./errors.ts";
import type { Transaction } from "./transaction.ts";

/** 9 blobs of 131,072 bytes, the most of any fork, with their proofs, and a transaction beside them. */
const MAX_SIDECAR_FORM_BYTES = 1_310_720;
const BLOB_BYTES = 131_072;
const POINT_BYTES = 48;
export const CELL_PROOFS_PER_BLOB = 128;

/** Throws TX_*, RLP_INVALID. The sidecar's commitments are checked against the hashes; its KZG proofs are not. */
export function decodeNetworkTransaction(raw: Bytes): { tx: Transaction; sidecar?: SidecarBlob[] } {
  if (!hasSidecar(raw)) return { tx: decodeTransaction(raw) };
  checkSize(raw, MAX_SIDECAR_FORM_BYTES);
  const outer = createReader(raw, 1);
  const r = readList(outer, "transaction");
  expectEnd(outer, "transaction");
  const bodyAt = r.at;
  next(r, "transaction");
  const tx = decodeTransaction(concatBytes(raw.subarray(0, 1), raw.subarray(bodyAt, r.to)));
  return { tx, sidecar: readSidecar(r, tx.blobVersionedHashes ?? []) };
}

/** The wrapper's first item is a list, the body's is the chain id. Throws RLP_INVALID. */
export function hasSidecar(raw: Bytes): boolean {
  if (raw[0] !== 3) return false;
  const outer = createReader(raw, 1);
  const body = readList(outer, "transaction");
  next(body, "transaction");
  return body.list;
}

function readSidecar(r: RlpReader, hashes: readonly Hash[]): SidecarBlob[] {
  const probe = { ...r };
  next(probe, "sidecar");
  const version = probe.list ? 0n : readUint(r, 1, "sidecar.version");
  if (!probe.list && version !== 1n) throw txError("TX_SIDECAR_INVALID", `sidecar version ${version} is not known`, { version });
  const [blobs, commitments, proofs] = [
    readAll(r, BLOB_BYTES, "sidecar.blobs"),
    readAll(r, POINT_BYTES, "sidecar.commitments"),
    readAll(r, POINT_BYTES, "sidecar.proofs"),
  ];
  expectEnd(r, "sidecar");
  const each = version === 1n ? CELL_PROOFS_PER_BLOB : 1;
  if (blobs.length !== hashes.length || commitments.length !== hashes.length || proofs.length !== hashes.length * each)
    throw txError(
      "TX_SIDECAR_INVALID",
      `${blobs.length} blobs, ${commitments.length} commitments and ${proofs.length} proofs for ${hashes.length} hashes (${hashes.length * each} proofs expected)`,
    );
  checkCommitments(commitments, hashes);
  return blobs.map((blob, i) => ({ blob, commitment: commitments[i] as Bytes, proofs: proofs.slice(i * each, (i + 1) * each) }));
}

function readAll(r: RlpReader, length: number, field: string): Bytes[] {
  const list = readList(r, field);
  const items: Bytes[] = [];
  while (!atEnd(list)) items.push(readFixed(list, length, field));
  return items;
}

function checkCommitments(commitments: readonly Bytes[], hashes: readonly Hash[]): void {
  for (const [i, commitment] of commitments.entries()) {
    const hash = versionedHash(commitment);
    if (!equalBytes(hash, hashes[i] as Hash))
      throw txError("TX_SIDECAR_INVALID", `blob hash ${i} is ${to0x(hashes[i] as Hash)}, its commitment gives ${to0x(hash)}`, { index: i });
  }
}

/** EIP-4844 kzg_to_versioned_hash. */
export function versionedHash(commitment: Bytes): Hash {
  const hash = sha256(commitment);
  hash[0] = 1;
  return hash;
}

/** Of all that are transactions of blobs, in their order; what does not decode has none. */
export function blobHashesOf(raws: readonly Bytes[]): Hash[] {
  return raws.flatMap((raw) => (raw[0] === 3 ? hashesOf(raw) : []));
}

function hashesOf(raw: Bytes): readonly Hash[] {
  try {
    return decodeTransaction(raw).blobVersionedHashes ?? [];
  } catch (error) {
    if (isNoemaError(error)) return [];
    throw error;
  }
}
