/** EIP-7702: an account whose code is 0xef0100 || address runs the code of that address. */
import { concatBytes, equalBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";

const PREFIX = Uint8Array.of(0xef, 0x01, 0x00);

export function delegationTo(address: Bytes): Bytes {
  return concatBytes(PREFIX, address);
}

/** Whom the code delegates to; undefined: it is code as any other. */
export function delegateOf(code: Bytes): Bytes | undefined {
  return code.length === 23 && equalBytes(code.subarray(0, 3), PREFIX) ? code.subarray(3) : undefined;
}
