import { equalBytes, toHex } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { PublicKeyHex, ValidatorSet } from "@noema/core/ports/signing";
import { publicKeysOf } from "@noema/core/validator-index";
import type { Block, Cert, Propose, VoteKind } from "../types.ts";
import type { Message } from "../wire/frame.ts";
import type { Effect, LogRecord } from "./events.ts";
import type { EngineConfig } from "./params.ts";
import type { RandomState } from "./random.ts";
import type { Beacon } from "./seed.ts";
import { createTally, type Tally } from "./tally.ts";

/** A hash in hex, as key of a map. */
export type Key = string;

/** What is known of one view above the floor. */
export type RoundRecord = {
  view: number;
  /** The first proposal of the leader; later ones are ignored. */
  proposal?: Propose;
  /** Outcome of the Validate effect for the proposal's block. */
  check: "none" | "running" | "valid" | "undecided" | "invalid";
  /** A Draft for this view is under way, or the view is proposed. */
  drafting: boolean;
  ownNotarize?: Key;
  ownNullify: boolean;
  ownFinalize?: Key;
  votes: Record<VoteKind, Tally>;
  certs: { notarize?: Cert; nullify?: Cert; finalize?: Cert };
};

/** Where a proposal of a view hangs: the parent's view and hash, its certificate, and X of every view between. */
export type Parent = { view: number; hash: Hash; cert?: Cert; nullifications: Cert[] };

export type Job = { epoch: number } & (
  | { type: "votes"; kind: VoteKind; view: number; hash?: Hash }
  | { type: "certs"; certs: Cert[]; from: PublicKeyHex; then?: { propose: Propose } | { boundary: Block } | { answer: true } }
  | { type: "validate"; view: number }
  | { type: "draft"; view: number; parent: Parent }
);

export type Wanted = { hash: Hash; signers: PublicKeyHex[]; askedAt?: number };

/** `Collecting`: no vote at all; `Resumed`: only above what `lostLogAllows` makes of M = (epoch, view). */
export type LostLog =
  | { phase: "Collecting"; nonce: number; answers: Map<PublicKeyHex, { epoch: number; view: number }> }
  | { phase: "Resumed"; epoch: number; view: number };

export type TimerName = "t1" | "t2" | "status" | "propose" | "retry" | "gap" | "blocks";

export type State = {
  readonly config: EngineConfig;
  random: RandomState;

  epoch: number;
  set: ValidatorSet;
  /** Own index in `set`; absent while this node is no member. */
  self?: number;
  schedule: number[];
  beacon: Beacon;
  /** Last block of the epoch before (genesis in epoch 0), and its F. */
  base: Block;
  baseCert?: Cert;

  view: number;
  /** The certificate that opened the view. */
  entry?: Cert;
  enteredAt: number;
  /** Exponent of the back-off, b = 1.5^k. */
  backoff: number;
  payload: "none" | "some" | "full";

  /** The floor: highest view with F stored; records at or below it are pruned. */
  finalizedView: number;
  finalizedCert?: Cert;
  /** Last block given out by Finalize. */
  tip: Block;
  rounds: Map<number, RoundRecord>;
  /** Blocks above the tip. */
  blocks: Map<Key, Block>;
  persisted: Set<Key>;
  wanted: Map<Key, Wanted>;

  jobs: Map<number, Job>;
  nextJob: number;
  /** Certificates being verified, by their bytes; and how many jobs each peer has in flight. */
  verifying: Set<string>;

  timers: Map<TimerName, number>;
  armed?: number;

  /** Messages of epoch + 1, by sender; log records of later epochs, applied when they begin. */
  ahead: Map<PublicKeyHex, Message[]>;
  later: LogRecord[];
  /** Highest epoch in the log at the start. Below it nothing is voted: its records may be pruned while the application lags. */
  loggedEpoch: number;
  boundariesAskedAt?: number;
  /** Highest epoch a peer was heard in, and that peer. */
  farthest?: { epoch: number; peer: PublicKeyHex };
  lost?: LostLog;
  /** Two finalized chains conflict: nothing is done any more. */
  diverged: boolean;
};

/** One step: the state, the time, the effects so far; `dirty` when something changed that a decision may rest on. */
export type Context = { s: State; now: number; out: Effect[]; dirty: boolean };

export function keyOf(hash: Hash): Key {
  return toHex(hash);
}

export function roundOf(s: State, view: number): RoundRecord {
  let round = s.rounds.get(view);
  if (round === undefined) {
    round = {
      view,
      check: "none",
      drafting: false,
      ownNullify: false,
      votes: { notarize: createTally(), nullify: createTally(), finalize: createTally() },
      certs: {},
    };
    s.rounds.set(view, round);
  }
  return round;
}

export function leaderOf(s: State, view: number): number {
  return s.schedule[view % s.schedule.length] as number;
}

export function blockByHash(s: State, hash: Hash): Block | undefined {
  const block = s.blocks.get(keyOf(hash));
  if (block !== undefined) return block;
  if (equalBytes(hash, s.tip.hash)) return s.tip;
  return equalBytes(hash, s.base.hash) ? s.base : undefined;
}

/** The last height of its epoch; never genesis. */
export function isBoundary(s: State, height: number): boolean {
  return height > 0 && height % s.config.params.epochLength === 0;
}

/** Blocks from `block` down to the one above the tip; undefined while one is missing. */
export function unfinalizedChain(s: State, block: Block): Block[] | undefined {
  const chain: Block[] = [];
  let at: Block | undefined = block;
  while (at !== undefined && at.header.height > s.tip.header.height) {
    chain.push(at);
    at = blockByHash(s, at.header.parentHash);
  }
  return at !== undefined && equalBytes(at.hash, s.tip.hash) ? chain : undefined;
}

export function others(s: State): PublicKeyHex[] {
  return publicKeysOf(s.set).filter((key) => key !== s.config.self);
}

export function addJob(s: State, job: Job): number {
  const id = s.nextJob++;
  s.jobs.set(id, job);
  return id;
}

/** The job of an answer; undefined when its epoch is over. */
export function takeJob<T extends Job["type"]>(s: State, id: number, type: T): Extract<Job, { type: T }> | undefined {
  const job = s.jobs.get(id);
  if (job === undefined || job.type !== type) return undefined;
  s.jobs.delete(id);
  return job as Extract<Job, { type: T }>;
}
