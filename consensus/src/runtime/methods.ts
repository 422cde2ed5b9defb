/** Questions to peers (/noema/1/req): bulk never travels with votes. A row has the types of both ways, their bounds, and the quota with its reason. */
import { converted, NOTHING, type PeerMethod } from "@noema/core/peer-methods";
import type { Bytes } from "@noema/core/ports/bytes";
import { ByteVectorType } from "@noema/core/types/ssz";
import { type Block, type Boundary, LIMITS } from "../types.ts";
import { blockType } from "../wire/block.ts";
import { getBlocksType } from "../wire/blocks.ts";
import { fromBlock, toBlock } from "../wire/body.ts";
import { boundaryType, fromBoundary, getBoundariesType, toBoundary } from "../wire/boundaries.ts";
import type { Request } from "../wire/frame.ts";
import { type AliveProof, aliveProofType, NONCE_BYTES, type OwnKeyAnswer, ownKeyAnswerType } from "../wire/own-key.ts";
import type { Status } from "../wire/status.ts";
import { fromStatus, statusType, toStatus } from "../wire/status.ts";

export type GetBlocks = Omit<Extract<Request, { type: "GetBlocks" }>, "type">;
const nonceType = new ByteVectorType(NONCE_BYTES);

/** The block and its ancestors, newest first. A node asks for a hash every 3Δ, which is 150 ms on the fastest devnet, and misses a few at a time. */
const blocksByHash: PeerMethod<GetBlocks, Block> = {
  name: "consensus/blocks-by-hash",
  question: getBlocksType,
  answer: converted(blockType, toBlock, fromBlock),
  items: LIMITS.blocks,
  perSecond: 16,
};

/** Once in 2Δ, and once for each epoch that a node catches up with. */
const boundaryCerts: PeerMethod<{ fromEpoch: number }, Boundary> = {
  name: "consensus/boundary-certs",
  question: getBoundariesType,
  answer: converted(boundaryType, toBoundary, fromBoundary),
  items: LIMITS.boundaries,
  perSecond: 32,
};

/** Where the peer stands: a node that is no validator asks, to which no certificate is sent (following.ts), twice a second in all. */
const status: PeerMethod<undefined, Status> = {
  name: "consensus/status",
  question: NOTHING,
  answer: converted(statusType, toStatus, fromStatus),
  items: 1,
  perSecond: 8,
};

/** Is another process alive with the asker's key? Each costs a pairing for every such process; asked again after 200 ms. */
const ownKey: PeerMethod<Bytes, OwnKeyAnswer> = {
  name: "consensus/own-key",
  question: nonceType,
  answer: ownKeyAnswerType,
  items: 1,
  perSecond: 16,
};

/** The peer's own key lives here. Costs a signature. */
const aliveProof: PeerMethod<Bytes, AliveProof> = {
  name: "consensus/alive",
  question: nonceType,
  answer: aliveProofType,
  items: 1,
  perSecond: 16,
};

export const METHODS = { blocksByHash, boundaryCerts, status, ownKey, aliveProof } as const;
