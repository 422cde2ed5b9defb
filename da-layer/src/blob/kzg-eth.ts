import { availableParallelism } from "node:os";
import { DasContextJs } from "@crate-crypto/node-eth-kzg";
import { createGate } from "../shared/gate.ts";
import { cellPlaces } from "./cell-places.ts";
import type { Kzg } from "./kzg.ts";

/**
 * At once, each on a thread of its own. One core is left to blocks and votes: threads that only stand behind them still hold up what wakes on
 * their core. And a check of another's object, which passes by the gate, waits for no more than these.
 */
const COMMITMENTS = Math.max(1, availableParallelism() - 1);

export function createEthKzg(): Kzg {
  const gate = createGate(COMMITMENTS);
  // tables speed up only cell proofs, which this lane makes for few who sample; they cost seconds and memory
  const context = DasContextJs.create({ usePrecomp: false });
  return {
    name: "eth-kzg",
    commit: (row) => gate(() => context.asyncBlobToKzgCommitment(row)),
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
