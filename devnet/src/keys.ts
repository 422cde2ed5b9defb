import { compareBytes, utf8 } from "@noema/core/bytes";
import { generateSecretKey, publicKeyOf, secretKeyFromSeed } from "@noema/core/crypto/bls";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";

/** 32 bytes for what the name says; everybody who knows the seed knows them. */
export function seedBytes(seed: string, name: string): Bytes {
  return sha256(utf8(`noema devnet ${name} ${seed}`));
}

/** Validator keys in the order that genesis gives validators their index: by public key. New ones where there is no seed. */
export function generateValidatorKeys(count: number, seed?: string): Uint8Array[] {
  const keyAt = (i: number) => (seed === undefined ? generateSecretKey() : secretKeyFromSeed(seedBytes(seed, `validator ${i}`)));
  const keys = Array.from({ length: count }, (_, i) => keyAt(i));
  return keys.sort((a, b) => compareBytes(publicKeyOf(a), publicKeyOf(b)));
}
