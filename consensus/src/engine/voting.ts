/** Deciding on the proposal of the current view: notarize, nullify when it can never be valid, or wait. */
import { equalBytes } from "@noema/core/bytes";
import type { Block, Propose } from "../types.ts";
import { checkHeader, type Outcome, WAIT } from "./header-rules.ts";
import { addJob, blockByHash, type Context, isBoundary, type Job, type RoundRecord, type State, unfinalizedChain } from "./state.ts";
import { moreThanThird } from "./tally.ts";
import { mayVote, vote } from "./vote.ts";
import { blockCert, nullification } from "./walk.ts";

export function tryVote(ctx: Context): void {
  const { s } = ctx;
  const round = s.rounds.get(s.view);
  if (round === undefined) return;
  joinNullify(ctx, round);
  const { proposal } = round;
  if (proposal === undefined || round.ownNullify || !mayVote(s, "notarize", s.view)) return;
  const outcome = decide(ctx, round, proposal);
  if (outcome === "valid") {
    const block = blockByHash(s, hashOf(proposal));
    vote(ctx, "notarize", s.view, hashOf(proposal), { block });
  } else if (outcome === "invalid") vote(ctx, "nullify", s.view);
  else if (outcome.until !== undefined) s.timers.set("retry", outcome.until);
}

/** Nullify votes of more than W/3 hold an honest one: timers that drifted apart meet again. */
function joinNullify(ctx: Context, round: RoundRecord): void {
  if (!round.ownNullify && moreThanThird(round.votes.nullify, ctx.s.set)) vote(ctx, "nullify", round.view);
}

export function hashOf(proposal: Propose): Uint8Array {
  return "block" in proposal.content ? proposal.content.block.hash : proposal.content.reproposalOf;
}

function decide(ctx: Context, round: RoundRecord, p: Propose): Outcome {
  const { s } = ctx;
  const link = checkParent(s, p);
  if (link !== "valid") return link;
  const parent = blockByHash(s, p.parentHash);
  if (parent === undefined) return WAIT;
  const full = p.parentView > 0 && isBoundary(s, parent.header.height);
  if ("reproposalOf" in p.content) return full && equalBytes(p.content.reproposalOf, p.parentHash) ? "valid" : "invalid";
  if (full) return "invalid";
  const header = checkHeader(s, p.content.block, p.view, parent, ctx.now);
  return header === "valid" ? checkContent(ctx, round, p.content.block, parent) : header;
}

/** N or F of the parent's view over its hash (or the base), and X of every view between. */
function checkParent(s: State, p: Propose): Outcome {
  if (p.parentView >= p.view || p.parentView < s.finalizedView) return "invalid";
  if (p.parentView === 0) {
    if (!equalBytes(p.parentHash, s.base.hash)) return "invalid";
  } else {
    const cert = blockCert(s, p.parentView);
    if (cert?.hash === undefined) return WAIT;
    if (!equalBytes(cert.hash, p.parentHash)) return "invalid";
  }
  for (let u = p.parentView + 1; u < p.view; u++) if (nullification(s, u) === undefined) return WAIT;
  return "valid";
}

function checkContent(ctx: Context, round: RoundRecord, block: Block, parent: Block): Outcome {
  const { s } = ctx;
  if (round.check === "valid" || round.check === "invalid") return round.check;
  const unfinalized = unfinalizedChain(s, parent);
  if (unfinalized === undefined || round.check !== "none") return WAIT;
  round.check = "running";
  const id = addJob(s, { type: "validate", epoch: s.epoch, view: round.view });
  ctx.out.push({ type: "Validate", id, block, parent, unfinalized });
  return WAIT;
}

export function validated(ctx: Context, job: Extract<Job, { type: "validate" }>, result: "valid" | "undecided" | "invalid"): void {
  const { s } = ctx;
  const round = s.rounds.get(job.view);
  if (job.epoch !== s.epoch || round === undefined) return;
  round.check = result;
  ctx.dirty = true;
  if (result === "undecided") setRetry(ctx);
}

/** What the application could not decide is asked again: on a new result or block, or after Δ. */
export function recheck(s: State): void {
  const round = s.rounds.get(s.view);
  if (round?.check === "undecided") round.check = "none";
}

export function setRetry(ctx: Context): void {
  const at = ctx.now + ctx.s.config.params.deltaMs;
  const before = ctx.s.timers.get("retry");
  ctx.s.timers.set("retry", before === undefined ? at : Math.min(before, at));
}
