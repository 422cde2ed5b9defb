/**
 * What a client sends: any transaction, and blob transactions also with their sidecar
 *   0x03 || rlp([body, blobs, commitments, proofs])       EIP-4844
 *   0x03 || rlp([body, 1, blobs, commitments, proofs])    EIP-7594: cell proofs
 * The canonical transaction is 0x03 || body; the sidecar is kept apart.
 */

import { concatBytes, equalBytes, to0x } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { atEnd, createReader, expectEnd, next, type RlpReader, readList, readUint } from "../rlp/reader.ts";
import { checkSize, decodeTransaction } from "./decode.ts";
import { readFixed } from "./decode-lists.ts";
import { txError } from "./errors.ts";
import type { BlobSidecar, Transaction } from "./transaction.ts";

/** 6 blobs of 131,072 bytes with their cell proofs fit. */
const MAX_SIDECAR_FORM_BYTES = 1_048_576;
const BLOB_BYTES = 131_072;
const POINT_BYTES = 48;
const CELL_PROOFS_PER_BLOB = 128;

/** Throws TX_*, RLP_INVALID. The sidecar's commitments are checked against the hashes; its KZG proofs are not. */
export function decodeNetworkTransaction(raw: Bytes): { tx: Transaction; sidecar?: BlobSidecar } {
  if (!hasSidecar(raw)) return { tx: decodeTransaction(raw) };
  checkSize(raw, MAX_SIDECAR_FORM_BYTES);
  const outer = createReader(raw, 1);
  const r = readList(outer, "transaction");
  expectEnd(outer, "transaction");
  const bodyAt = r.at;
  next(r, "transaction");
  const tx = decodeTransaction(concatBytes(raw.subarray(0, 1), raw.subarray(bodyAt, r.to)));
  const sidecar = readSidecar(r);
  checkSidecar(tx.blobVersionedHashes ?? [], sidecar);
  return { tx, sidecar };
}

/** The wrapper's first item is a list, the body's is the chain id. Throws RLP_INVALID. */
export function hasSidecar(raw: Bytes): boolean {
  if (raw[0] !== 3) return false;
  const outer = createReader(raw, 1);
  const body = readList(outer, "transaction");
  next(body, "transaction");
  return body.list;
}

function readSidecar(r: RlpReader): BlobSidecar {
  const probe = { ...r };
  next(probe, "sidecar");
  const version = probe.list ? 0n : readUint(r, 1, "sidecar.version");
  if (!probe.list && version !== 1n) throw txError("TX_SIDECAR_INVALID", `sidecar version ${version} is not known`, { version });
  const sidecar: BlobSidecar = {
    version: version === 0n ? 0 : 1,
    blobs: readAll(r, BLOB_BYTES, "sidecar.blobs"),
    commitments: readAll(r, POINT_BYTES, "sidecar.commitments"),
    proofs: readAll(r, POINT_BYTES, "sidecar.proofs"),
  };
  expectEnd(r, "sidecar");
  return sidecar;
}

function readAll(r: RlpReader, length: number, field: string): Bytes[] {
  const list = readList(r, field);
  const items: Bytes[] = [];
  while (!atEnd(list)) items.push(readFixed(list, length, field));
  return items;
}

function checkSidecar(hashes: readonly Hash[], sidecar: BlobSidecar): void {
  const proofs = hashes.length * (sidecar.version === 1 ? CELL_PROOFS_PER_BLOB : 1);
  if (sidecar.blobs.length !== hashes.length || sidecar.commitments.length !== hashes.length || sidecar.proofs.length !== proofs)
    throw txError(
      "TX_SIDECAR_INVALID",
      `${sidecar.blobs.length} blobs, ${sidecar.commitments.length} commitments and ${sidecar.proofs.length} proofs for ${hashes.length} hashes (${proofs} proofs expected)`,
    );
  for (const [i, commitment] of sidecar.commitments.entries()) {
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
