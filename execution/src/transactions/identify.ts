/** Hash and sender of many transactions at once, packed both ways: work for a thread of its own. */
import { isNoemaError } from "@noema/core/errors";
import { keccak256 } from "@noema/core/hash";
import { unpackBytes } from "@noema/core/packed";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { recover } from "./recover-sender.ts";

const HASH_BYTES = 32;
const SENDER_BYTES = 20;
/** Of each transaction: hash || sender. */
const IDENTITY_BYTES = HASH_BYTES + SENDER_BYTES;

/** `sender` undefined: no key signed it, or it is no transaction. */
export type Identity = { hash: Hash; sender: Bytes | undefined };

/** `packed`: canonical bytes of transactions (core's packed.ts). Returns IDENTITY_BYTES for each, the sender zeros where there is none. */
export function identify(packed: Bytes): Bytes {
  const raws = unpackBytes(packed);
  const out = new Uint8Array(IDENTITY_BYTES * raws.length);
  for (const [i, raw] of raws.entries()) {
    out.set(keccak256(raw), IDENTITY_BYTES * i);
    const sender = senderOf(raw);
    if (sender !== undefined) out.set(sender, IDENTITY_BYTES * i + HASH_BYTES);
  }
  return out;
}

function senderOf(raw: Bytes): Bytes | undefined {
  try {
    return recover(raw);
  } catch (error) {
    if (isNoemaError(error)) return undefined;
    throw error;
  }
}

/** No key has the address of zeros. */
export function readIdentities(identities: Bytes): Identity[] {
  return Array.from({ length: identities.length / IDENTITY_BYTES }, (_, i) => {
    const at = IDENTITY_BYTES * i;
    const sender = identities.subarray(at + HASH_BYTES, at + IDENTITY_BYTES);
    return { hash: identities.subarray(at, at + HASH_BYTES), sender: sender.some((x) => x !== 0) ? sender : undefined };
  });
}
