/**
 * What goes into `step` and what comes out. The runtime (or the simulator) owns clock, disk, keys, network and application.
 *
 * Order is the contract. Effects are carried out in the order in which steps returned them, and `Persist` is a barrier: every
 * effect after it (of the same or a later step) waits until its records are fsynced. Persists of several steps may share
 * one fsync, and steps go on meanwhile. What need not wait: signing, Verify, Validate, Draft, Fetch, SetTimer. A crash between two
 * effects loses the later ones; the engine is then rebuilt by `createEngine` from what is durable.
 */
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { Certificate, PublicKeyHex } from "@noema/core/ports/signing";
import type { Block, Boundary, Cert, Proposal, UnsignedVote, Vote } from "../types.ts";
import type { Message, Request } from "../wire/frame.ts";
import type { Beacon } from "./seed.ts";

/** One record of the vote log. `replay` gives them back in order of writing. */
export type LogRecord =
  /** Own vote; durable before its signature leaves. */
  | { type: "Vote"; vote: UnsignedVote }
  /** Durable before the view that it opens is acted in, and before finalize is voted on it. */
  | { type: "Cert"; cert: Cert }
  /** Own block before it is proposed, a received one before notarize is voted for it. */
  | { type: "Block"; block: Block }
  /** The log was lost: no vote until a `Resume` record (consensus.md 2.8.5). Written first in a fresh log of a known chain. */
  | { type: "Lost" }
  /** M: after a lost log, votes only in rounds above (epoch, view + 1). */
  | { type: "Resume"; epoch: number; view: number };

/** `P` names a peer: by its key, which outlives epochs. Time enters with every event: local wall clock in milliseconds. */
export type Event<P = PublicKeyHex> = { nowMs: number } & (
  | { type: "Start" }
  /** From the authenticated connection of `from`. Sizes are bounded by the decoder. */
  | { type: "Received"; from: P; message: Message }
  /** An own vote, signed, its record appended: goes into the own tally. What comes of it stands behind the vote's barrier. */
  | { type: "Signed"; vote: Vote }
  /** Answer to Verify of votes: the certificate when the good votes reach a quorum, and the signers whose votes do not verify. */
  | { type: "Verified"; id: number; certificate?: Certificate; bad: number[] }
  /** Answer to Verify of certificates: one boolean each, in the order asked. */
  | { type: "CertsVerified"; id: number; good: boolean[] }
  | { type: "Validated"; id: number; result: "valid" | "undecided" | "invalid" }
  /** `block` absent: not ready (no result at or above minExecHeight); the engine asks again on ExecReady or after a delay. */
  | { type: "Drafted"; id: number; block?: Block }
  /** A block from outside: one for each of a `Blocks` answer, or from the own store. */
  | { type: "BlockArrived"; block: Block; from?: P }
  /** The own result of `height` is there. */
  | { type: "ExecReady"; height: Height }
  /** none: no certificate that can be included is held; full: one block's cap is filled. Sent on every change. */
  | { type: "PayloadHeld"; level: "none" | "some" | "full" }
  /** `atMs` is that of the SetTimer. */
  | { type: "TimerFired"; atMs: number }
);

/** What the application needs to know of a block that is final, in order of height, each once for each life of the engine. */
export type FinalizedBlock = {
  block: Block;
  /** Randomness after this block (32 bytes). */
  prevRandao: Hash;
  /** F over this very block when it is held; always for the last block of an epoch. Keep it: peers ask for boundaries. */
  cert?: Cert;
  /** To be stored atomically with the height: `Restore.beacon`. */
  beacon: Beacon;
};

export type DraftRequest = {
  epoch: number;
  view: number;
  height: Height;
  parent: Block;
  /** Ancestors above the last Finalize effect, the parent first: their certificates are not to be repeated. */
  unfinalized: Block[];
  timestampMs: number;
  proposer: number;
  validatorSetHash: Hash;
  nextValidatorSetHash: Hash;
  /** exec.height is the highest own executed height in [minExecHeight, maxExecHeight]. */
  minExecHeight: Height;
  maxExecHeight: Height;
  /** With exec.height below this the body stays empty: execution catches up first. */
  payloadMinExecHeight: Height;
};

export type Effect<P = PublicKeyHex> =
  /** Append in this order, fsync before any later effect. */
  | { type: "Persist"; records: LogRecord[] }
  /**
   * Sign (kind's body: voteBody) and feed back `Signed`, without waiting; send behind the barrier. With `proposal`, the message is
   * Propose {...proposal, vote}, otherwise Vote. To nobody: after a restart, own logged votes are signed again for the own tally only.
   */
  | { type: "SignAndSend"; vote: UnsignedVote; to: "all" | "nobody"; proposal?: Proposal }
  /** "all" is every other validator. */
  | { type: "Send"; to: "all" | P[]; message: Message }
  /** A request to one validator, by stream or by request/response; answers come back as Received (Blocks as BlockArrived). No retries: the engine repeats. */
  | { type: "Fetch"; to: P; request: Request }
  /** Answer `request` of `to` from the store and from `blockByHash`: GetBlocks with Blocks, GetBoundaries with Boundaries. */
  | { type: "Serve"; to: P; request: Extract<Request, { type: "GetBlocks" | "GetBoundaries" }> }
  /** The only timer: replaces the one before. The delay is atMs - nowMs; fires as TimerFired {atMs}. */
  | { type: "SetTimer"; atMs: number }
  /** Votes of one (kind, epoch, view, hash), unverified: CertificateScheme.aggregate with the set of the epoch. */
  | { type: "Verify"; id: number; vote: UnsignedVote; votes: ReadonlyMap<number, Bytes> }
  /** Certificates from outside: CertificateScheme.verify each, with the set of its epoch (false when that set is not known). */
  | { type: "VerifyCerts"; id: number; certs: Cert[] }
  /**
   * Everything of consensus.md 2.4 that needs more than headers: reveal, availability certificates (quorum, includable, no
   * repeat, order), caps and sums, evidence, L1, and equality of exec with the own result (undecided while there is none).
   * `unfinalized`: ancestors above the last Finalize effect, the parent first.
   */
  | { type: "Validate"; id: number; block: Block; parent: Block; unfinalized: Block[] }
  | { type: "Draft"; id: number; request: DraftRequest }
  /** In order of height. Execution commits each with its beacon and its F. */
  | { type: "Finalize"; blocks: FinalizedBlock[] }
  /** A new epoch began: its validators. */
  | { type: "EpochEntered"; epoch: number; boundary: Block }
  /**
   * Vote and Cert records of rounds below this one are not needed for voting any more (keep 256 views more for evidence). Block
   * records and every F above the application's durable height stay, or a lone validator cannot get back to where it was.
   */
  | { type: "Prune"; epoch: number; view: number }
  /** Two finalized chains conflict: more than a third of the stake is faulty. The engine votes and finalizes no more. */
  | { type: "Diverged"; cert: Cert }
  /** The peer broke the protocol: disconnect. */
  | { type: "Blame"; validator: P; reason: "bad-vote" | "bad-certificate" | "bad-proposal" | "impersonation" };

/** What is durable when the engine starts. */
export type Restore = {
  /** Last block the application holds durably, or the genesis block (height 0, epoch 0). */
  tip: Block;
  /** Stored with `tip`; for genesis: `genesisBeacon`. */
  beacon: Beacon;
  /** Newest boundary at or below the tip: absent in epoch 0. */
  base?: Boundary;
  /** Newest stored F at or below the tip. */
  finalized?: Cert;
  records: readonly LogRecord[];
  /** The log is missing although the chain is known (or other nodes may know this key): the lost log rule applies. */
  lost?: boolean;
  /** 32 random bytes of this start: choice of peers and the nonce of status requests. Never for anything validators agree on. */
  entropy: Bytes;
};
