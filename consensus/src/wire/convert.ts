/**
 * Protocol values (types.ts) to and from the values of their SSZ types. What SSZ cannot say is checked on the way in and throws
 * CONSENSUS_FRAME_INVALID: unknown kinds, a hash in a nullification, a body whose lists are not those of its header.
 */
import type { ValueOf } from "@chainsafe/ssz";
import { equalBytes, ZERO_HASH } from "@noema/core/bytes";
import type { NoemaError } from "@noema/core/errors";
import type { Hash } from "@noema/core/ports/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import { type AvailabilityCertSsz, fromSszCert, toSszCert } from "@noema/core/types/availability";
import { consensusError } from "../errors.ts";
import type { Block, Body, Boundary, Cert, Evidence, Header, Propose, Status, UnsignedVote, Vote, VoteKind } from "../types.ts";
import { type blockType, type bodyType, certsType, depositsType, evidenceListType, headerType, sealsType } from "./block.ts";
import { type boundaryType, CONTENT_BLOCK, CONTENT_REPROPOSAL, type proposeType, type statusType } from "./messages.ts";
import type { certType, voteType } from "./vote.ts";

const KINDS: readonly VoteKind[] = ["notarize", "nullify", "finalize"];

export type VoteSsz = ValueOf<typeof voteType>;
export type CertSsz = ValueOf<typeof certType>;
export type BodySsz = ValueOf<typeof bodyType>;

function invalid(message: string): NoemaError {
  return consensusError("CONSENSUS_FRAME_INVALID", message);
}

type RawVote = { kind: number; epoch: number; view: number; hash: Hash };

export function toRawVote({ kind, epoch, view, hash }: UnsignedVote): RawVote {
  return { kind: KINDS.indexOf(kind), epoch, view, hash: hash ?? ZERO_HASH };
}

export function fromRawVote(raw: RawVote): UnsignedVote {
  const kind = KINDS[raw.kind];
  if (kind === undefined) throw invalid(`vote of kind ${raw.kind}`);
  const { epoch, view } = raw;
  if (kind !== "nullify") return { kind, epoch, view, hash: raw.hash };
  if (!equalBytes(raw.hash, ZERO_HASH)) throw invalid("a nullification with a hash");
  return { kind, epoch, view };
}

export const toVote = (vote: Vote): VoteSsz => ({ ...toRawVote(vote), signer: vote.signer, signature: vote.signature });
export const fromVote = (raw: VoteSsz): Vote => ({ ...fromRawVote(raw), signer: raw.signer, signature: raw.signature });
export const toCert = (cert: Cert): CertSsz => ({ ...toRawVote(cert), bitmap: cert.bitmap, signature: cert.signature });
export const fromCert = (raw: CertSsz): Cert => ({ ...fromRawVote(raw), bitmap: raw.bitmap, signature: raw.signature });

const toEvidence = ({ first, second }: Evidence) => ({ first: toVote(first), second: toVote(second) });

function fromAvailability(raw: AvailabilityCertSsz): AvailabilityCert {
  const cert = fromSszCert(raw);
  if (cert === undefined) throw invalid(`availability certificate of kind ${raw.kind}`);
  return cert;
}

export function toBody(body: Body): BodySsz {
  return {
    certs: body.certs.map(toSszCert),
    evidence: body.evidence.map(toEvidence),
    seals: body.seals.map(toSszCert),
    depositsL1: body.depositsL1,
  };
}

export function fromBody(raw: BodySsz): Body {
  return {
    certs: raw.certs.map(fromAvailability),
    evidence: raw.evidence.map(({ first, second }) => ({ first: fromVote(first), second: fromVote(second) })),
    seals: raw.seals.map(fromAvailability),
    depositsL1: raw.depositsL1,
  };
}

export type BodyRoots = Pick<Header, "certsRoot" | "evidenceRoot" | "sealRoot" | "depositsRoot">;

export function bodyRoots(body: Body): BodyRoots {
  return rawBodyRoots(toBody(body));
}

const EMPTY: BodyRoots = {
  certsRoot: certsType.hashTreeRoot([]),
  evidenceRoot: evidenceListType.hashTreeRoot([]),
  sealRoot: sealsType.hashTreeRoot([]),
  depositsRoot: depositsType.hashTreeRoot([]),
};

/** Most lists of most blocks are empty, and hashing is what decoding a block costs. */
function rawBodyRoots({ certs, evidence, seals, depositsL1 }: BodySsz): BodyRoots {
  return {
    certsRoot: certs.length === 0 ? EMPTY.certsRoot : certsType.hashTreeRoot(certs),
    evidenceRoot: evidence.length === 0 ? EMPTY.evidenceRoot : evidenceListType.hashTreeRoot(evidence),
    sealRoot: seals.length === 0 ? EMPTY.sealRoot : sealsType.hashTreeRoot(seals),
    depositsRoot: depositsL1.length === 0 ? EMPTY.depositsRoot : depositsType.hashTreeRoot(depositsL1),
  };
}

export function headerHash(header: Header): Hash {
  return headerType.hashTreeRoot(header);
}

export const toBlock = (block: Block) => ({ header: block.header, body: toBody(block.body) });

export function fromBlock({ header, body }: ValueOf<typeof blockType>): Block {
  const roots = rawBodyRoots(body);
  for (const name of Object.keys(roots) as (keyof BodyRoots)[])
    if (!equalBytes(roots[name], header[name])) throw invalid(`the header's ${name} is not that of the body`);
  return { hash: headerHash(header), header, body: fromBody(body) };
}

export const toBoundary = ({ block, cert }: Boundary) => ({ block: toBlock(block), cert: toCert(cert) });
export const fromBoundary = ({ block, cert }: ValueOf<typeof boundaryType>): Boundary => ({
  block: fromBlock(block),
  cert: fromCert(cert),
});

export const toOptionalCert = (cert: Cert | undefined): CertSsz[] => (cert === undefined ? [] : [toCert(cert)]);
export const fromOptionalCert = ([raw]: readonly CertSsz[]): Cert | undefined => raw && fromCert(raw);

export function toPropose(p: Propose): ValueOf<typeof proposeType> {
  const { epoch, view, parentView, parentHash, content, justification } = p;
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
    vote: toVote(p.vote),
  };
}

export function fromPropose(raw: ValueOf<typeof proposeType>): Propose {
  const { epoch, view, parentView, parentHash, content } = raw;
  return {
    epoch,
    view,
    parentView,
    parentHash,
    content:
      content.selector === CONTENT_BLOCK
        ? { block: fromBlock(content.value as ValueOf<typeof blockType>) }
        : { reproposalOf: content.value as Hash },
    justification: { parentCert: fromOptionalCert(raw.parentCert), nullifications: raw.nullifications.map(fromCert) },
    vote: fromVote(raw.vote),
  };
}

export function toStatus({ epoch, view, finalized, entry, nonce }: Status): ValueOf<typeof statusType> {
  return { epoch, view, finalized: toOptionalCert(finalized), entry: toOptionalCert(entry), nonce };
}

export function fromStatus({ epoch, view, finalized, entry, nonce }: ValueOf<typeof statusType>): Status {
  return { epoch, view, finalized: fromOptionalCert(finalized), entry: fromOptionalCert(entry), nonce };
}
