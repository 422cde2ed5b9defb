/** Keys and signatures as the precompiles of EIP-2537 have them: uncompressed, big endian. Checked to be points of their subgroups. */
import * as blst from "@chainsafe/blst";
import { concatBytes } from "../bytes.ts";
import { coreError } from "../errors.ts";
import type { Bytes } from "../ports/bytes.ts";

const PADDING = new Uint8Array(16);

/** A key's x || y, 96 bytes, without the 16 zeros before each. Throws KEY_INVALID. */
export function keyCoordinates(publicKey: Bytes): Bytes {
  return checked(() => blst.PublicKey.fromBytes(publicKey, true).toBytes(false));
}

/** A point of G2, 256 bytes: real before imaginary, which ZCash's form has the other way. Throws KEY_INVALID. */
export function signaturePoint(signature: Bytes): Bytes {
  const zcash = checked(() => blst.Signature.fromBytes(signature, true).toBytes(false));
  const part = (i: number) => concatBytes(PADDING, zcash.subarray(48 * i, 48 * (i + 1)));
  return concatBytes(part(1), part(0), part(3), part(2));
}

function checked(decode: () => Bytes): Bytes {
  try {
    return decode();
  } catch (error) {
    throw coreError("KEY_INVALID", `no point: ${error instanceof Error ? error.message : error}`, {}, error);
  }
}
