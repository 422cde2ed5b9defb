/** The KZG operations that the blob lane needs, over EIP-4844's set-up; one swappable interface, cross-checked by its vectors. */
import type { Bytes } from "@noema/core/ports/bytes";

/** The 128 cells of a row, 2,048 bytes each, and their proofs, 48 bytes each (EIP-7594). */
export type CellsOfRow = { cells: Bytes[]; proofs: Bytes[] };

export interface Kzg {
  readonly name: string;
  /** 131,072 bytes to a 48-byte commitment. Throws on a non-canonical element. */
  commit(row: Bytes): Promise<Bytes>;
  /** Opening of the row at z (32 bytes): 48-byte proof and y (32 bytes). */
  prove(row: Bytes, z: Bytes): Promise<{ proof: Bytes; y: Bytes }>;
  /** False also for malformed points and scalars. */
  verify(commitment: Bytes, z: Bytes, y: Bytes, proof: Bytes): Promise<boolean>;
  /** A transaction's blobs: one proof each (EIP-4844) or 128, of their cells (EIP-7594). False also for malformed input. */
  verifyBlobs(blobs: readonly Bytes[], commitments: readonly Bytes[], proofs: readonly Bytes[]): Promise<boolean>;
  /** 0.3 to 0.9 s of CPU. Throws on a non-canonical element. */
  makeCells(row: Bytes): Promise<CellsOfRow>;
  /** Each cell against the commitment of its row. False also for malformed input; c-kzg takes indices in any order and twice. */
  verifyCells(
    commitments: readonly Bytes[],
    indices: readonly number[],
    cells: readonly Bytes[],
    proofs: readonly Bytes[],
  ): Promise<boolean>;
}
