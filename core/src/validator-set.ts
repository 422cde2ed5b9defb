import { compareBytes, concatBytes } from "./bytes.ts";
import { sha256 } from "./hash.ts";
import type { Bytes } from "./ports/bytes.ts";
import type { Validator, ValidatorSet } from "./ports/signing.ts";

/** Sorts by public key and hashes: sha256 over (key 48, weight u64le, fee address 20) of each member in order. The hash does not cover the epoch. */
export function createValidatorSet(epoch: number, validators: readonly Validator[]): ValidatorSet {
  const members = [...validators].sort((a, b) => compareBytes(a.publicKey, b.publicKey));
  const total = members.reduce((sum, m) => sum + m.weight, 0n);
  const hash = sha256(concatBytes(...members.map((m) => concatBytes(m.publicKey, weightLe(m.weight), m.feeAddress))));
  return { epoch, members, total, hash };
}

/** Weights are wei-like and pass 2^53: never through a number. */
function weightLe(weight: bigint): Bytes {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, weight, true);
  return out;
}
