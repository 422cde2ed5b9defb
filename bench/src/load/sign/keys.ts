/** Accounts that follow from a seed: two runs have the same ones. */
import { u32be, utf8 } from "@noema/core/bytes";
import { keccak256, sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { recoverPublicKey, signHash } from "@noema/execution/transactions/secp256k1";

export type Account = { key: Bytes; address: Bytes };

/** `role` keeps senders, deployer and recipients apart. */
export function accountOf(seed: number, role: string, index: number): Account {
  const key = sha256(utf8(`noema bench ${role}`), u32be(seed), u32be(index));
  return { key, address: addressOfKey(key) };
}

/** An address whose key nobody has. */
export function strangerOf(seed: number, index: number): Bytes {
  return sha256(utf8("noema bench stranger"), u32be(seed), u32be(index)).subarray(12);
}

const ANY_MESSAGE = keccak256(new Uint8Array(1));

/** The native library gives no public key of a secret one here: it is recovered from a signature. */
export function addressOfKey(key: Bytes): Bytes {
  const { signature, yParity } = signHash(ANY_MESSAGE, key);
  return keccak256(recoverPublicKey(ANY_MESSAGE, signature, yParity)).subarray(12);
}
