/** Requests of the plane for questions (/noema/1/req): bulk never travels with votes. Each chunk of an answer is one item. */
import { LIMITS } from "../types.ts";
import { blockType } from "../wire/block.ts";
import { aliveProofType, boundaryType, ownKeyAnswerType } from "../wire/messages.ts";

export const METHODS = {
  /** GetBlocks -> Block, newest first */
  blocksByHash: { name: "consensus/blocks-by-hash", max: LIMITS.blocks * blockType.maxSize },
  /** GetBoundaries -> Boundary */
  boundaryCerts: { name: "consensus/boundary-certs", max: LIMITS.boundaries * boundaryType.maxSize },
  /** nonce -> OwnKeyAnswer: is another process alive with the asker's key? */
  ownKey: { name: "consensus/own-key", max: ownKeyAnswerType.maxSize },
  /** nonce -> AliveProof: the peer's own key lives here. */
  aliveProof: { name: "consensus/alive", max: aliveProofType.maxSize },
} as const;
