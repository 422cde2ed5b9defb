/** Native secp256k1, asserted: the package itself falls back silently to JavaScript, at about a thirtieth of the speed. Nothing else imports it. */
import { createRequire } from "node:module";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { txError } from "./errors.ts";

type Secp256k1 = {
  ecdsaRecover(signature: Bytes, recovery: number, message: Hash, compressed: boolean): Bytes;
  ecdsaSign(message: Hash, secretKey: Bytes): { signature: Bytes; recid: number };
};

const { secp256k1, isNative } = load();

export { isNative };

function load(): { secp256k1: Secp256k1; isNative: boolean } {
  const require = createRequire(import.meta.url);
  try {
    return { secp256k1: require("secp256k1/bindings.js"), isNative: true };
  } catch (error) {
    if (process.env.NOEMA_SLOW_RECOVERY === "1") return { secp256k1: require("secp256k1/elliptic.js"), isNative: false };
    const message = "secp256k1 has no native build here: NOEMA_SLOW_RECOVERY=1 recovers senders in JavaScript, at a thirtieth of the speed";
    throw txError("TX_RECOVERY_NOT_NATIVE", message, {}, error);
  }
}

/** The 64-byte public key whose owner made `signature` over `message`. Throws when there is none. */
export function recoverPublicKey(message: Hash, signature: Bytes, yParity: 0 | 1): Bytes {
  return secp256k1.ecdsaRecover(signature, yParity, message, false).subarray(1);
}

/** The 20-byte address whose key made `signature` (r || s, 64 bytes) over `message`; undefined when there is none. */
export function recoverAddress(message: Hash, signature: Bytes, yParity: 0 | 1): Bytes | undefined {
  try {
    return keccak256(recoverPublicKey(message, signature, yParity)).subarray(12);
  } catch {
    return undefined;
  }
}

/** r || s in the low-s form, and the parity. For accounts of a devnet and for tests. */
export function signHash(message: Hash, secretKey: Bytes): { signature: Bytes; yParity: 0 | 1 } {
  const { signature, recid } = secp256k1.ecdsaSign(message, secretKey);
  return { signature, yParity: (recid & 1) as 0 | 1 };
}
