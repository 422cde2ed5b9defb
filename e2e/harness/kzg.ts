/** KZG for clients: viem's and ethers' interface over node-eth-kzg, whose set-up takes seconds and is loaded at the first use. */
import { DasContextJs } from "@crate-crypto/node-eth-kzg";

let context: DasContextJs | undefined;
const loaded = () => {
  context ??= DasContextJs.create({ usePrecomp: false });
  return context;
};

export const kzg = {
  blobToKzgCommitment: (blob: Uint8Array) => loaded().blobToKzgCommitment(blob),
  computeBlobKzgProof: (blob: Uint8Array, commitment: Uint8Array) => loaded().computeBlobKzgProof(blob, commitment),
  computeCellProofs: (blob: Uint8Array) => loaded().computeCellsAndKzgProofs(blob).proofs,
};
