import { equalBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";

const PREFIX = Uint8Array.of(0xef, 0x01, 0x00);

/** EIP-7702: 0xef0100 || address. */
export function isDelegation(code: Bytes): boolean {
  return code.length === 23 && equalBytes(code.subarray(0, 3), PREFIX);
}
