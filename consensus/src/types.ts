/** The protocol's values (consensus.md 2.1), as plain objects. Their SSZ encodings, and the messages that carry them, stand in wire/. Integers are at most 2^53 - 1. */
import type { ExecResult } from "@noema/core/ports/application";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import type { Certificate } from "@noema/core/ports/signing";

export type VoteKind = "notarize" | "nullify" | "finalize";

/** View v >= 1 of an epoch; (epoch, 0) is the epoch's base, the finalized last block of the epoch before. */
export type Round = { epoch: number; view: number };

/** What the application's execution of an earlier block gave; `gasUsed` is u64. */
export type HeaderExec = ExecResult;

/** Hash of a block = hashTreeRoot(Header), so that one field can be proved by a branch. */
export type Header = {
  epoch: number;
  /** View of the original proposal; a re-proposal keeps it. */
  view: number;
  height: Height;
  parentHash: Hash;
  timestampMs: number;
  /** Index in the set of `epoch`. */
  proposer: number;
  /** 96 bytes: the proposer's signature of kind randao over (epoch, view). */
  randaoReveal: Bytes;
  certsRoot: Hash;
  evidenceRoot: Hash;
  sealRoot: Hash;
  depositsRoot: Hash;
  /** L2 mode; {0, zero hash} elsewhere. Never decreasing. */
  l1Origin: { number: number; hash: Hash };
  /** Sums over the body's certificates. */
  payloadBytes: number;
  blobBytes: number;
  gasLimitSum: bigint;
  exec: HeaderExec;
  validatorSetHash: Hash;
  nextValidatorSetHash: Hash;
};

/** Pairs of contradicting votes of one signer; always empty in this version. */
export type Evidence = { first: Vote; second: Vote };
/** L1 deposits; always empty in this version. */
export type Deposit = { index: number; data: Bytes };

export type Body = { certs: AvailabilityCert[]; evidence: Evidence[]; seals: AvailabilityCert[]; depositsL1: Deposit[] };

/** Whoever constructs a Block has computed `hash` from `header` and checked that every list of `body` has its root in the header. */
export type Block = { hash: Hash; header: Header; body: Body };

/** `hash` is absent exactly for nullify. */
export type UnsignedVote = { kind: VoteKind; epoch: number; view: number; hash?: Hash };
export type Vote = UnsignedVote & { signer: number; signature: Bytes };

/** N (notarize), X (nullify) or F (finalize): votes of a quorum in one aggregate. */
export type Cert = UnsignedVote & Certificate;

/** `parentCert` is N or F of the parent's view, absent when the parent is the epoch's base. */
export type Justification = { parentCert?: Cert; nullifications: Cert[] };

export type ProposalContent = { block: Block } | { reproposalOf: Hash };

/** `justification` proves the parent and the nullification of every view between parentView and view. */
export type Proposal = {
  epoch: number;
  view: number;
  parentView: number;
  parentHash: Hash;
  content: ProposalContent;
  justification: Justification;
};
/** `vote` is the leader's notarize, so that an equivocating leader signs its own evidence. */
export type Propose = Proposal & { vote: Vote };

/** The last block of an epoch and its F. */
export type Boundary = { block: Block; cert: Cert };

/** At most 1,024 certificates in a justification, 256 views a GetCerts, 256 blocks a GetBlocks, 16 boundaries an answer. */
export const LIMITS = { justification: 1024, certViews: 256, blocks: 256, boundaries: 16 } as const;
