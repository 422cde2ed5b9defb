/**
 * Cells of a row (EIP-7594): its 4,096 elements extended to 8,192 and cut into 128 cells of 64, each with a KZG proof against the
 * row's commitment. No cell of a row is stored: a holder makes them of the row when they are asked for.
 */
import type { Bytes } from "@noema/core/ports/bytes";
import { daError } from "../errors.ts";

export const CELLS = 128;
/** Cells that any row can be rebuilt from. */
export const CELLS_NEEDED = 64;
export const CELL_BYTES = 2048;
export const PROOF_BYTES = 48;
/** As it travels: cell, proof. */
export const PROVEN_CELL_BYTES = CELL_BYTES + PROOF_BYTES;
/** Of one row in one question: 33 KiB of answer. A sampler wants one or two of a row. */
export const MAX_CELLS_ASKED = 16;

export type ProvenCell = { cell: Bytes; proof: Bytes };

/** Throws DA_CELL_PLACE_INVALID unless the slot is below N and 1 to 16 indices ascend below 128, none twice. */
export function checkCellPlaces(slot: number, indices: readonly number[], N: number): void {
  const refuse = (why: string) => {
    throw daError("DA_CELL_PLACE_INVALID", why);
  };
  if (!Number.isSafeInteger(slot) || slot < 0 || slot >= N) refuse(`slot ${slot} of ${N}`);
  if (indices.length < 1 || indices.length > MAX_CELLS_ASKED)
    refuse(`${indices.length} cells, 1 to ${MAX_CELLS_ASKED} of a row are answered at once`);
  for (const [i, index] of indices.entries()) {
    if (!Number.isSafeInteger(index) || index < 0 || index >= CELLS) refuse(`cell ${index} of ${CELLS}`);
    if (i > 0 && index <= indices[i - 1]!) refuse(`cell ${index} after ${indices[i - 1]}: indices ascend, none twice`);
  }
}

export function encodeProvenCell({ cell, proof }: ProvenCell): Bytes {
  const out = new Uint8Array(PROVEN_CELL_BYTES);
  out.set(cell);
  out.set(proof, CELL_BYTES);
  return out;
}

/** Views into an answer to a question for `count` cells. Throws DA_FRAME_INVALID on another length. */
export function decodeProvenCells(answer: Bytes, count: number): ProvenCell[] {
  if (answer.length !== count * PROVEN_CELL_BYTES)
    throw daError("DA_FRAME_INVALID", `${answer.length} bytes for ${count} cells of ${PROVEN_CELL_BYTES}`);
  return Array.from({ length: count }, (_, i) => {
    const record = answer.subarray(i * PROVEN_CELL_BYTES, (i + 1) * PROVEN_CELL_BYTES);
    return { cell: record.subarray(0, CELL_BYTES), proof: record.subarray(CELL_BYTES) };
  });
}
