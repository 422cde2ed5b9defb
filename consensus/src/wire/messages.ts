/** Propose, Status, the requests and their answers (consensus.md 2.1). What may be absent is a list of at most one. */
import type { ValueOf } from "@chainsafe/ssz";
import { hash32, uint64 } from "@noema/core/types/availability";
import { ByteVectorType, ContainerType, ListCompositeType, UintNumberType, UnionType } from "@noema/core/types/ssz";
import { LIMITS } from "../types.ts";
import { blockType } from "./block.ts";
import { certType, voteType } from "./vote.ts";

export const optionalCertType = new ListCompositeType(certType, 1, { typeName: "OptionalCert" });

/** A new block, or the hash of the boundary block that is proposed again. */
const contentType = new UnionType([blockType, hash32], { typeName: "ProposalContent" });
export const CONTENT_BLOCK = 0;
export const CONTENT_REPROPOSAL = 1;

export const proposeType = new ContainerType(
  {
    epoch: uint64,
    view: uint64,
    parentView: uint64,
    parentHash: hash32,
    content: contentType,
    /** Absent when the parent is the epoch's base. */
    parentCert: optionalCertType,
    nullifications: new ListCompositeType(certType, LIMITS.justification, { typeName: "Nullifications" }),
    vote: voteType,
  },
  { typeName: "Propose" },
);

export const statusType = new ContainerType(
  { epoch: uint64, view: uint64, finalized: optionalCertType, entry: optionalCertType, nonce: uint64 },
  { typeName: "Status" },
);

export const boundaryType = new ContainerType({ block: blockType, cert: certType }, { typeName: "Boundary" });

export const certsAnswerType = new ListCompositeType(certType, LIMITS.certViews * 3, { typeName: "CertsAnswer" }); // N, X and F a view
/** Blocks of one frame; more go by request and answer, one block a chunk. */
export const FRAME_BLOCKS = 16;
export const blocksType = new ListCompositeType(blockType, FRAME_BLOCKS, { typeName: "Blocks" });
export const boundariesType = new ListCompositeType(boundaryType, LIMITS.boundaries, { typeName: "Boundaries" });

/** BlocksByHash: the block and its ancestors, newest first, at most `count`, none at or below height `above`. */
export const getBlocksType = new ContainerType({ hash: hash32, count: new UintNumberType(2), above: uint64 }, { typeName: "GetBlocks" });
/** CertsByView: certificates of views from .. to of one epoch, both included. */
export const getCertsType = new ContainerType({ epoch: uint64, from: uint64, to: uint64 }, { typeName: "GetCerts" });
/** BoundaryCerts. */
export const getBoundariesType = new ContainerType({ fromEpoch: uint64 }, { typeName: "GetBoundaries" });
export const getStatusType = new ContainerType({ nonce: uint64 }, { typeName: "GetStatus" });

/** Of the question whether a key is in use (consensus.md 2.11). */
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
