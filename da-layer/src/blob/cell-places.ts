import type { Bytes } from "@noema/core/ports/bytes";

/** Of an extended blob (EIP-7594). */
const CELLS = 128;

/** Commitments and indices of all cells of these blobs, in order, as the batch check wants them. */
export function cellPlaces(commitments: readonly Bytes[]): { commitments: Bytes[]; indices: number[] } {
  const indices = Array.from({ length: CELLS }, (_, i) => i);
  return { commitments: commitments.flatMap((c) => indices.map(() => c)), indices: commitments.flatMap(() => indices) };
}
