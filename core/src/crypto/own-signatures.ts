/** Signatures that this process has made, the newest ones: the pairing that would check them costs three times what making them did. */
import { createBoundedSet } from "../bounded.ts";
import { toHex } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import type { Bytes, Hash } from "../ports/bytes.ts";

export type OwnSignatures = {
  made(publicKey: Bytes, message: Hash, signature: Bytes): void;
  has(publicKey: Bytes, message: Hash, signature: Bytes): boolean;
};

/** Votes come back to be counted within seconds. */
const REMEMBERED = 1024;

export function createOwnSignatures(): OwnSignatures {
  const known = createBoundedSet<string>(REMEMBERED);
  const id = (publicKey: Bytes, message: Hash, signature: Bytes) => toHex(sha256(publicKey, message, signature));
  return {
    made: (...signed) => void known.add(id(...signed)),
    has: (...signed) => known.has(id(...signed)),
  };
}
