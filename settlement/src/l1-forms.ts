/** Validator sets and certificates as the contracts of an L1 take them (contracts/lib/ValidatorSets.sol, contracts/interfaces/INoemaHead.sol). */
import { concatBytes } from "@noema/core/bytes";
import { keyCoordinates, signaturePoint } from "@noema/core/crypto/eip2537";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Certificate, ValidatorSet } from "@noema/core/ports/signing";

/** 124 bytes each: x, y, u64be weight, fee address. */
export function l1Members({ members }: ValidatorSet): Bytes {
  return concatBytes(...members.map((x) => concatBytes(keyCoordinates(x.publicKey), u64be(x.weight), x.feeAddress)));
}

/** The signature uncompressed, 256 bytes. Throws KEY_INVALID. */
export function l1Certificate({ bitmap, signature }: Certificate): Certificate {
  return { bitmap, signature: signaturePoint(signature) };
}

function u64be(value: bigint): Bytes {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, value);
  return out;
}
