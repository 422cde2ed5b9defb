import { bytesToBigInt } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { signHash } from "@noema/execution/transactions/secp256k1";

export type EcdsaSignature = { r: bigint; s: bigint; yParity: 0 | 1 };

export function signDigest(hash: Hash, privateKey: Bytes): EcdsaSignature {
  const { signature, yParity } = signHash(hash, privateKey);
  return { r: bytesToBigInt(signature.subarray(0, 32)), s: bytesToBigInt(signature.subarray(32)), yParity };
}
