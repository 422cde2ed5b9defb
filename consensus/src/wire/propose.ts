/** Propose: a leader's block, or the boundary block again, with what justifies it (consensus.md 2.1). */
import type { ValueOf } from "@chainsafe/ssz";
import type { Hash } from "@noema/core/ports/bytes";
import { hash32, uint64 } from "@noema/core/types/availability";
import { ContainerType, ListCompositeType, UnionType } from "@noema/core/types/ssz";
import { LIMITS, type Propose } from "../types.ts";
import { blockType } from "./block.ts";
import { fromBlock, toBlock } from "./body.ts";
import { certType, fromCert, fromOptionalCert, optionalCertType, toCert, toOptionalCert } from "./cert.ts";
import { message } from "./message.ts";
import { fromVote, toVote, voteType } from "./vote.ts";

/** A new block, or the hash of the boundary block that is proposed again. */
const contentType = new UnionType([blockType, hash32], { typeName: "ProposalContent" });
const CONTENT_BLOCK = 0;
const CONTENT_REPROPOSAL = 1;

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
type ProposeSsz = ValueOf<typeof proposeType>;

export function toPropose({ content, justification, vote, ...p }: Propose): ProposeSsz {
  const { epoch, view, parentView, parentHash } = p;
  return {
    epoch,
    view,
    parentView,
    parentHash,
    content:
      "block" in content
        ? { selector: CONTENT_BLOCK, value: toBlock(content.block) }
        : { selector: CONTENT_REPROPOSAL, value: content.reproposalOf },
    parentCert: toOptionalCert(justification.parentCert),
    nullifications: justification.nullifications.map(toCert),
    vote: toVote(vote),
  };
}

function fromPropose({ content, parentCert, nullifications, vote, ...raw }: ProposeSsz): Propose {
  return {
    ...raw,
    content:
      content.selector === CONTENT_BLOCK
        ? { block: fromBlock(content.value as ValueOf<typeof blockType>) }
        : { reproposalOf: content.value as Hash },
    justification: { parentCert: fromOptionalCert(parentCert), nullifications: nullifications.map(fromCert) },
    vote: fromVote(vote),
  };
}

type ProposeMessage = { type: "Propose"; propose: Propose };
export const proposeMessage = message<ProposeMessage, ProposeSsz>(
  "Propose",
  3,
  proposeType,
  ({ propose }) => toPropose(propose),
  (raw) => ({ propose: fromPropose(raw) }),
);
