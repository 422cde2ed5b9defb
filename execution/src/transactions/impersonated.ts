/**
 * A transaction of a development chain that nobody signed (system-operations.md 9):
 *   0x7f || rlp([sender, payload])       payload: what the sender would have signed, type 0 (with EIP-155's chain id) to 4
 * Whether an address may be used so is asked before it is made; whether the chain takes such is checkForm's.
 */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { rlpEncode } from "../rlp/encode.ts";
import { createReader, expectEnd, readList, readString } from "../rlp/reader.ts";
import { readFixed } from "./decode-lists.ts";

export const IMPERSONATED = 0x7f;

const ADDRESS_BYTES = 20;

export function encodeImpersonated(sender: Bytes, payload: Bytes): Bytes {
  return concatBytes(Uint8Array.of(IMPERSONATED), rlpEncode([sender, payload]));
}

export function isImpersonated(raw: Bytes): boolean {
  return raw[0] === IMPERSONATED;
}

/** Views. Throws RLP_INVALID, TX_FIELD_INVALID. */
export function openImpersonated(raw: Bytes): { sender: Bytes; payload: Bytes } {
  const outer = createReader(raw, 1);
  const list = readList(outer, "transaction");
  expectEnd(outer, "transaction");
  const sender = readFixed(list, ADDRESS_BYTES, "sender");
  const payload = readString(list, "payload");
  expectEnd(list, "transaction");
  return { sender, payload };
}
