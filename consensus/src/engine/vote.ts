/**
 * The only place where a vote is created. Safety rests on it: one notarize a view, never nullify and finalize in one view, one
 * finalize a view, nothing at or below the finalized floor (whose records are pruned), and the record is durable before the
 * signature leaves (threads.md 3).
 */
import type { Hash } from "@noema/core/ports/bytes";
import type { Block, Proposal, VoteKind } from "../types.ts";
import type { LogRecord } from "./events.ts";
import { lostLogAllows } from "./lost-log.ts";
import { type Context, keyOf, type RoundRecord, roundOf, type State } from "./state.ts";

/** `block`: its record goes first (own proposal, or a received one before notarize). */
export type VoteOptions = { block?: Block; proposal?: Proposal };

export function vote(ctx: Context, kind: VoteKind, view: number, hash?: Hash, options: VoteOptions = {}): boolean {
  const { s } = ctx;
  if (!mayVote(s, kind, view)) return false;
  const round = roundOf(s, view);
  recordVote(round, kind, hash);
  const records: LogRecord[] = [];
  if (options.block !== undefined && !s.persisted.has(keyOf(options.block.hash))) {
    s.persisted.add(keyOf(options.block.hash));
    records.push({ type: "Block", block: options.block });
  }
  const unsigned = hash === undefined ? { kind, epoch: s.epoch, view } : { kind, epoch: s.epoch, view, hash };
  records.push({ type: "Vote", vote: unsigned });
  ctx.out.push({ type: "Persist", records });
  ctx.out.push({ type: "SignAndSend", vote: unsigned, to: "all", proposal: options.proposal });
  return true;
}

export function mayVote(s: State, kind: VoteKind, view: number): boolean {
  const { params } = s.config;
  if (s.self === undefined || s.diverged || !remembers(s, view)) return false;
  if (view <= s.finalizedView && !params.controls?.noFloorRule) return false;
  const round = s.rounds.get(view);
  if (round === undefined) return true;
  const exclusive = !params.controls?.noNullifyFinalizeRule;
  if (kind === "notarize") return round.ownNotarize === undefined;
  if (kind === "nullify") return !(exclusive && round.ownFinalize !== undefined) && !round.ownNullify;
  return !(exclusive && round.ownNullify) && round.ownFinalize === undefined;
}

/** False where it may have cast votes that it does not know of: its log was lost, or is ahead of the application. */
export function remembers(s: State, view: number): boolean {
  return s.epoch >= s.loggedEpoch && lostLogAllows(s, view);
}

/** Also used by the replay of the log. */
export function recordVote(round: RoundRecord, kind: VoteKind, hash: Hash | undefined): void {
  if (kind === "nullify") round.ownNullify = true;
  else if (hash !== undefined && kind === "notarize") round.ownNotarize = keyOf(hash);
  else if (hash !== undefined) round.ownFinalize = keyOf(hash);
}
