/** How traces write numbers and bytes. */
import { to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";

export const data = to0x;

/** Without leading zeros. */
export function quantity(n: bigint | number): string {
  return `0x${n.toString(16)}`;
}

/** 32 bytes. */
export function word(n: bigint): string {
  return `0x${n.toString(16).padStart(64, "0")}`;
}

/** A word of an address's low 20 bytes. */
export function addressOf(value: bigint): Bytes {
  return new Uint8Array(Buffer.from((value & ((1n << 160n) - 1n)).toString(16).padStart(40, "0"), "hex"));
}
