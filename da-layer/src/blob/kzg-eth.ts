import { DasContextJs } from "@crate-crypto/node-eth-kzg";
import type { Kzg } from "./kzg.ts";

export function createEthKzg(): Kzg {
  // tables speed up only cell proofs, which this lane does not make; they cost seconds and memory
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
  };
}
