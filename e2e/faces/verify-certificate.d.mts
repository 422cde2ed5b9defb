/** The members of noema_finality's answer that the script reads. */
export type FinalityAnswer = {
  genesisHash: string;
  certificate: { epoch: string; view: string; bitmap: string; signature: string };
  stateRootProof: { leaf: string; branch: string[] };
  publicKeys: string[];
  weights: string[];
  signedWeight: string;
};
export function isFinal(answer: FinalityAnswer): boolean;
