/** Hashes one after another, 32 bytes each. */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";

export const HASH_BYTES = 32;

export function joinHashes(hashes: readonly Hash[]): Bytes {
  return concatBytes(...hashes);
}

export function splitHashes(packed: Bytes): Hash[] {
  return Array.from({ length: packed.length / HASH_BYTES }, (_, i) => packed.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}
