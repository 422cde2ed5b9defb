/**
 * Whose log it is: chain, validator's key, and the log's own name. Each file of a log names all three and every checksum in it
 * covers them, so that another validator's log, or another log of this one, is never taken for this one's memory.
 */
import { concatBytes, equalBytes, to0x, utf8 } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { storeError } from "./errors.ts";

/** `publicKey`: 48 bytes, the validator's. */
export type LogOwner = { genesisHash: Hash; publicKey: Bytes };

const NAME_BYTES = 32; // "dispersal-" and a number of 16 digits
export const OWNER_BYTES = 32 + 48 + NAME_BYTES;

/** Genesis hash || public key || name, filled with zeros. */
export function encodeOwner({ genesisHash, publicKey }: LogOwner, name: string): Bytes {
  const label = utf8(name);
  if (genesisHash.length !== 32 || publicKey.length !== 48 || label.length > NAME_BYTES)
    throw new RangeError(`owner of ${genesisHash.length} and ${publicKey.length} bytes, log ${name}`);
  return concatBytes(genesisHash, publicKey, label, new Uint8Array(NAME_BYTES - label.length));
}

/** Throws LOG_OTHER_OWNER. */
export function requireOwner(path: string, found: Bytes, ours: Bytes): void {
  if (equalBytes(found, ours)) return;
  const [theirs, own] = [describe(found), describe(ours)];
  const message = `${path} is log "${theirs.name}" of validator ${theirs.publicKey}, chain ${theirs.genesis}; this is log "${own.name}" of validator ${own.publicKey}, chain ${own.genesis}`;
  throw storeError("LOG_OTHER_OWNER", message, { path, theirs, ours: own });
}

function describe(owner: Bytes) {
  const name = Buffer.from(owner.subarray(80)).toString("latin1").replace(/\0+$/, "");
  return { name, publicKey: to0x(owner.subarray(32, 80)), genesis: to0x(owner.subarray(0, 32)) };
}
