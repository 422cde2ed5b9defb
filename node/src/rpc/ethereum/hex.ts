/** How Ethereum's JSON writes numbers and bytes. */
import type { Bytes } from "@noema/core/ports/bytes";

/** A quantity: 0x, no leading zeros. */
export function quantityHex(n: bigint | number): string {
  return `0x${n.toString(16)}`;
}

/** 32 bytes. */
export function wordHex(n: bigint): string {
  return `0x${n.toString(16).padStart(64, "0")}`;
}

export function addressOrNull(bytes: Bytes | undefined): string | null {
  return bytes === undefined ? null : `0x${Buffer.from(bytes).toString("hex")}`;
}
