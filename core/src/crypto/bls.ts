/**
 * BLS12-381, keys in G1 (48 bytes), signatures in G2 (96 bytes), proof-of-possession scheme:
 * DST BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_ (fixed by the library). With g1.ts and subgroup.ts the only module that imports blst;
 * its calls block the thread for 0.4 to 1.5 ms each.
 */

import { randomBytes } from "node:crypto";
import * as blst from "@chainsafe/blst";
import { createBoundedMap } from "../bounded.ts";
import { coreError, type NoemaError } from "../errors.ts";
import type { Bytes } from "../ports/bytes.ts";

const PUBLIC_KEY_CACHE = 4096; // a few validator sets; decompression with the subgroup check costs 0.1 ms
const publicKeys = createBoundedMap<string, blst.PublicKey>(PUBLIC_KEY_CACHE);
const SIGNATURE_CACHE = 256; // a quorum of the largest set
const signatures = createBoundedMap<string, blst.Signature>(SIGNATURE_CACHE);

function invalid(what: string, cause: unknown): NoemaError {
  return coreError("KEY_INVALID", `invalid ${what}: ${cause instanceof Error ? cause.message : String(cause)}`, {}, cause);
}

function publicKeyFrom(bytes: Bytes): blst.PublicKey {
  const id = Buffer.from(bytes).toString("latin1");
  let key = publicKeys.get(id);
  if (key === undefined) {
    try {
      key = blst.PublicKey.fromBytes(bytes, true);
    } catch (error) {
      throw invalid("public key", error);
    }
    publicKeys.set(id, key);
  }
  return key;
}

/** 32 random bytes that are a valid secret key. */
export function generateSecretKey(): Bytes {
  return blst.SecretKey.fromKeygen(randomBytes(32)).toBytes();
}

/** Deterministic, for devnets: EIP-2333 style keygen from at least 32 bytes of seed. */
export function secretKeyFromSeed(seed: Bytes): Bytes {
  return blst.SecretKey.fromKeygen(seed).toBytes();
}

export function publicKeyOf(secretKey: Bytes): Bytes {
  return secret(secretKey).toPublicKey().toBytes();
}

function secret(secretKey: Bytes): blst.SecretKey {
  try {
    return blst.SecretKey.fromBytes(secretKey);
  } catch {
    throw coreError("KEY_INVALID", "invalid secret key"); // the cause could quote the key
  }
}

/** Throws KEY_INVALID unless the bytes are a compressed key in the subgroup, not the point at infinity. */
export function checkPublicKey(bytes: Bytes): void {
  publicKeyFrom(bytes);
}

/** 96 bytes, compressed. */
export function sign(secretKey: Bytes, message: Bytes): Bytes {
  return secret(secretKey).sign(message).toBytes();
}

/** False for anything that is not a valid signature, malformed bytes included. */
export function verify(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
  try {
    return blst.verify(message, publicKeyFrom(publicKey), blst.Signature.fromBytes(signature, true), false, false);
  } catch {
    return false;
  }
}

/** One message, many keys whose possession is proven. */
export function verifyAggregate(keys: readonly Bytes[], message: Bytes, signature: Bytes): boolean {
  if (keys.length === 0) return false;
  try {
    const parsed = keys.map(publicKeyFrom);
    return blst.fastAggregateVerify(message, parsed, blst.Signature.fromBytes(signature, true), false);
  } catch {
    return false;
  }
}

/** Whether each of `keys`, their possession proven, signed the message: one pairing for the sum of `signatures`. */
export function verifyTogether(keys: readonly Bytes[], message: Bytes, signatures: readonly Bytes[]): boolean {
  if (keys.length === 0) return false;
  try {
    return blst.fastAggregateVerify(message, keys.map(publicKeyFrom), sum(signatures), true);
  } catch {
    return false;
  }
}

/** Sums signatures without a group check on each: check the result. Throws KEY_INVALID on malformed bytes. */
export function aggregateSignatures(signatures: readonly Bytes[]): Bytes {
  try {
    return sum(signatures).toBytes();
  } catch (error) {
    throw invalid("signature", error);
  }
}

function sum(signatures: readonly Bytes[]): blst.Signature {
  return blst.aggregateSignatures(signatures.map(unchecked), false);
}

/** Decompressed, with no group check: a tenth of a pairing, and votes are summed to be checked and again for their certificate. */
function unchecked(bytes: Bytes): blst.Signature {
  const id = Buffer.from(bytes).toString("latin1");
  const signature = signatures.get(id) ?? blst.Signature.fromBytes(bytes, false);
  signatures.set(id, signature);
  return signature;
}
