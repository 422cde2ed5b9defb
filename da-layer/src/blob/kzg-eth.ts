import { DasContextJs } from "@crate-crypto/node-eth-kzg";
import { cellPlaces } from "./cell-places.ts";
import type { Kzg } from "./kzg.ts";

export function createEthKzg(): Kzg {
  // tables speed up only cell proofs, which this lane makes for few who sample; they cost seconds and memory
  const context = DasContextJs.create({ usePrecomp: false });
  return {
    name: "eth-kzg",
    commit: (row) => context.asyncBlobToKzgCommitment(row),
    async prove(row, z) {
      const [proof, y] = await context.asyncComputeKzgProof(row, z);
      return { proof: proof!, y: y! };
    },
    async verify(commitment, z, y, proof) {
      try {
        return await context.asyncVerifyKzgProof(commitment, z, y, proof);
      } catch {
        return false;
      }
    },
    async verifyBlobs(blobs, commitments, proofs) {
      try {
        if (proofs.length === blobs.length) return await context.asyncVerifyBlobKzgProofBatch([...blobs], [...commitments], [...proofs]);
        const cells: Uint8Array[] = [];
        for (const blob of blobs) cells.push(...(await context.asyncComputeCells(blob)));
        const places = cellPlaces(commitments);
        return await context.asyncVerifyCellKzgProofBatch(places.commitments, places.indices, cells, [...proofs]);
      } catch {
        return false;
      }
    },
    async makeCells(row) {
      const { cells, proofs } = await context.asyncComputeCellsAndKzgProofs(row);
      return { cells, proofs };
    },
    async verifyCells(commitments, indices, cells, proofs) {
      try {
        return await context.asyncVerifyCellKzgProofBatch([...commitments], [...indices], [...cells], [...proofs]);
      } catch {
        return false;
      }
    },
  };
}
