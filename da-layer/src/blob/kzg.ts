/** The KZG operations that the blob lane needs, over EIP-4844's set-up; one swappable interface, cross-checked by its vectors. */
import type { Bytes } from "@noema/core/ports/bytes";

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
}
