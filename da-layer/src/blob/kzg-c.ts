import { cellPlaces } from "./cell-places.ts";
import type { Kzg } from "./kzg.ts";

/** Rejects when c-kzg did not compile at install. */
export async function createCKzg(): Promise<Kzg> {
  const kzg = (await import("c-kzg")).default;
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
  };
}
