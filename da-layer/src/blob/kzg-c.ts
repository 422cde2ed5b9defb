import type { Bytes } from "@noema/core/ports/bytes";
import { cellPlaces } from "./cell-places.ts";
import type { Kzg } from "./kzg.ts";

/** What is used of c-kzg 4. Its own types are absent where it did not compile. */
type CKzg = {
  loadTrustedSetup(precompute: number): void;
  blobToKzgCommitment(blob: Bytes): Bytes;
  computeKzgProof(blob: Bytes, z: Bytes): [proof: Bytes, y: Bytes];
  verifyKzgProof(commitment: Bytes, z: Bytes, y: Bytes, proof: Bytes): boolean;
  verifyBlobKzgProofBatch(blobs: Bytes[], commitments: Bytes[], proofs: Bytes[]): boolean;
  computeCells(blob: Bytes): Bytes[];
  computeCellsAndKzgProofs(blob: Bytes): [cells: Bytes[], proofs: Bytes[]];
  verifyCellKzgProofBatch(commitments: Bytes[], indices: number[], cells: Bytes[], proofs: Bytes[]): boolean;
};

/** Rejects when c-kzg did not compile at install. */
export async function createCKzg(): Promise<Kzg> {
  const name = "c-kzg"; // not a literal: bundlers and the type check must not follow an optional package
  const kzg = (await import(name)).default as CKzg;
  kzg.loadTrustedSetup(0);
  return {
    name: "c-kzg",
    commit: async (row) => kzg.blobToKzgCommitment(row),
    async prove(row, z) {
      const [proof, y] = kzg.computeKzgProof(row, z);
      return { proof, y };
    },
    async verify(commitment, z, y, proof) {
      try {
        return kzg.verifyKzgProof(commitment, z, y, proof);
      } catch {
        return false;
      }
    },
    async verifyBlobs(blobs, commitments, proofs) {
      try {
        if (proofs.length === blobs.length) return kzg.verifyBlobKzgProofBatch([...blobs], [...commitments], [...proofs]);
        const cells = blobs.flatMap((blob) => kzg.computeCells(blob));
        const places = cellPlaces(commitments);
        return kzg.verifyCellKzgProofBatch(places.commitments, places.indices, cells, [...proofs]);
      } catch {
        return false;
      }
    },
    async makeCells(row) {
      const [cells, proofs] = kzg.computeCellsAndKzgProofs(row);
      return { cells, proofs };
    },
    async verifyCells(commitments, indices, cells, proofs) {
      try {
        return kzg.verifyCellKzgProofBatch([...commitments], [...indices], [...cells], [...proofs]);
      } catch {
        return false;
      }
    },
  };
}
