/** Hashes and recovery for @ethereumjs/common's customCrypto: WASM keccak, node:crypto's sha256, secp256k1 as transactions have it. */
import type { CustomCrypto } from "@ethereumjs/common";
import type { KZG } from "@ethereumjs/util";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { recoverPublicKey } from "../../transactions/secp256k1.ts";

/** 64-byte public key. `v` is a parity, 27 or 28, or EIP-155's form of `chainId`. Throws when no key fits. */
function ecrecover(hash: Bytes, v: bigint, r: Bytes, s: Bytes, chainId?: bigint): Bytes {
  const parity = v === 0n || v === 1n ? v : chainId === undefined ? v - 27n : v - (chainId * 2n + 35n);
  if (parity !== 0n && parity !== 1n) throw new Error("invalid signature v value");
  const signature = new Uint8Array(64);
  signature.set(r, 32 - r.length);
  signature.set(s, 64 - s.length);
  return recoverPublicKey(hash, signature, parity === 0n ? 0 : 1);
}

const refuse = () => {
  throw new Error("execution holds no KZG set-up: blobs are the data layer's");
};

/** The library makes no blob transaction without one; the point evaluation is natives/point-evaluation.ts. */
const kzg: KZG = {
  verifyProof: refuse,
  blobToKzgCommitment: refuse,
  computeBlobProof: refuse,
  verifyBlobProofBatch: refuse,
  computeCells: refuse,
  computeCellsAndProofs: refuse,
  recoverCellsAndProofs: refuse,
  verifyCellKzgProofBatch: refuse,
};

export const customCrypto: CustomCrypto = { keccak256, sha256: (data) => sha256(data), ecrecover, kzg };
