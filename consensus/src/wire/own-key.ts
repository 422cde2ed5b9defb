/** Of the question whether a key is in use (consensus.md 2.11), which travels by request and answer alone. */
import type { ValueOf } from "@chainsafe/ssz";
import { ByteVectorType, ContainerType, ListCompositeType, UintNumberType } from "@noema/core/types/ssz";
import { voteType } from "./vote.ts";

export const NONCE_BYTES = 32;
/** `voting` is 1 once the process may vote; the signature is of kind alive over nonce and `voting`. */
export const aliveProofType = new ContainerType(
  { voting: new UintNumberType(1), signature: new ByteVectorType(96) },
  { typeName: "AliveProof" },
);
/** The newest vote of each kind, and of one other process that lives the proof. */
export const ownKeyAnswerType = new ContainerType(
  {
    votes: new ListCompositeType(voteType, 3, { typeName: "NewestVotes" }),
    proofs: new ListCompositeType(aliveProofType, 1, { typeName: "OptionalProof" }),
  },
  { typeName: "OwnKeyAnswer" },
);
export type AliveProof = ValueOf<typeof aliveProofType>;
export type OwnKeyAnswer = ValueOf<typeof ownKeyAnswerType>;
