/**
 * The consensus engine: chained Simplex (eprint 2023/463) with stake-weighted quorums (3·w(S) > 2·W) and BLS certificates, as one
 * deterministic state machine, `step(state, event) -> effects`. No clock, timer, socket, key or disk is used here.
 *
 * Protocol, for a validator in epoch e at view v with leader(e, v) from a weighted round-robin:
 *  - Entering v: start T1 (for a proposal) and T2 (for a notarization). The leader waits out the block interval, walks down from
 *    v-1 over nullified views to the highest notarized or finalized one (or the epoch's base) and proposes a child of that block,
 *    together with the parent's certificate and the nullifications in between. A parent that ends the epoch is proposed again.
 *  - On the first proposal of v from its leader: notarize it when the parent's certificate, the nullifications and the block are
 *    valid; nullify when they can never be; otherwise wait for what is missing (result, block, certificate, time).
 *  - On T1 without a proposal, on T2, or when more than a third of the stake nullified v: nullify v.
 *  - On a quorum of notarize (N): finalize that block in that view unless nullify was voted there, and enter v+1.
 *    On a quorum of nullify (X): enter v+1. On a quorum of finalize (F): the block and all its ancestors are final, enter v+1.
 *  - When the last height of the epoch is final, the epoch e+1 begins at view 1 with that block as base.
 *
 * Safety: one notarize a view (at most one N), never nullify and finalize in one view (no X beside an F), and every proposal
 * proves the nullification of what it skips; so all blocks notarized after F(v, h) descend from h. `vote.ts` is the only place
 * that creates votes, and each is durable before its signature leaves. Votes and certificates at or below the floor (the highest view
 * with F) are dropped, because the records that would forbid a contradiction are pruned there.
 * Liveness: a view is entered only with a certificate that is passed on, timers back off, and Status repairs what was lost.
 *
 * Deviations from the paper: chained epochs with re-proposal at the boundary, justified proposals, lazy verification of votes (the
 * aggregate of a quorum once, `certificates.ts`), the nullify join above W/3, and the rule for a lost log (`lost-log.ts`).
 *
 * Rooms: receive (messages), certificates, voting, proposing, walk (certificates below a view), chain (blocks), epoch, view
 * (timeouts), catch-up, restore, lost-log, header-rules, schedule, seed, tally. Each handler records what it was told; `settle`
 * then takes every decision that has become possible, so rooms never call back into each other.
 */
import { askForBoundaries, askForViews, sendStatus } from "./catch-up.ts";
import { countVote, isBelowFloor, votesVerified } from "./certificates.ts";
import { askForBlocks, blockArrived, finalizeChain, findMissingBlocks } from "./chain.ts";
import { enterEpoch } from "./epoch.ts";
import type { Effect, Event } from "./events.ts";
import { drafted, redraft, tryPropose } from "./proposing.ts";
import { receive, receiveAhead, receiveVerified } from "./receive.ts";
import { applyLater, start } from "./restore.ts";
import { type Context, type State, type TimerName, takeJob } from "./state.ts";
import { startTimeouts } from "./view.ts";
import { vote } from "./vote.ts";
import { recheck, tryVote, validated } from "./voting.ts";

export { createEngine } from "./restore.ts";

/** Changes `s` and returns the effects, in order. */
export function step(s: State, event: Event): Effect[] {
  const ctx: Context = { s, now: event.nowMs, out: [], dirty: false };
  handle(ctx, event);
  if (ctx.dirty) settle(ctx);
  armTimer(ctx);
  return ctx.out;
}

function handle(ctx: Context, event: Event): void {
  const { s } = ctx;
  switch (event.type) {
    case "Start":
      start(ctx);
      return;
    case "Received":
      receive(ctx, event.from, event.message);
      return;
    case "Signed":
      if (event.vote.epoch === s.epoch && !isBelowFloor(s, event.vote.view)) countVote(ctx, event.vote);
      return;
    case "Verified": {
      const job = takeJob(s, event.id, "votes");
      if (job) votesVerified(ctx, job, event.certificate, event.bad);
      return;
    }
    case "CertsVerified": {
      const job = takeJob(s, event.id, "certs");
      if (job) receiveVerified(ctx, job, event.good);
      return;
    }
    case "Validated": {
      const job = takeJob(s, event.id, "validate");
      if (job) validated(ctx, job, event.result);
      return;
    }
    case "Drafted": {
      const job = takeJob(s, event.id, "draft");
      if (job) drafted(ctx, job, event.block);
      return;
    }
    case "BlockArrived":
      blockArrived(ctx, event.block);
      tryAgain(ctx);
      return;
    case "ExecReady":
      tryAgain(ctx);
      return;
    case "PayloadHeld":
      payloadHeld(ctx, event.level);
      return;
    case "TimerFired":
      timerFired(ctx, event.atMs);
      return;
  }
}

/** What was not decidable may be now. */
function tryAgain(ctx: Context): void {
  recheck(ctx.s);
  redraft(ctx.s);
  ctx.dirty = true;
}

function payloadHeld(ctx: Context, level: State["payload"]): void {
  const { s } = ctx;
  const first = s.payload === "none" && level !== "none";
  s.payload = level;
  if (first && (s.timers.has("t1") || s.config.params.instant)) startTimeouts(ctx);
  ctx.dirty = true;
}

/** Every decision that the new state allows. */
function settle(ctx: Context): void {
  const { s } = ctx;
  while (finalizeChain(ctx) && enterEpoch(ctx)) {
    applyLater(ctx);
    receiveAhead(ctx);
    if (s.farthest !== undefined && s.farthest.epoch > s.epoch) askForBoundaries(ctx, s.farthest.peer);
  }
  tryVote(ctx);
  tryPropose(ctx);
  findMissingBlocks(s);
  askForBlocks(ctx);
  askForViews(ctx);
}

function timerFired(ctx: Context, atMs: number): void {
  const { s } = ctx;
  if (atMs !== s.armed) return;
  s.armed = undefined;
  const now = Math.max(ctx.now, atMs);
  const due = [...s.timers].filter(([, at]) => at <= now).map(([name]) => name);
  for (const name of due) s.timers.delete(name);
  for (const name of due) onTimer(ctx, name);
  ctx.dirty = true;
}

function onTimer(ctx: Context, name: TimerName): void {
  const { s } = ctx;
  if (name === "t2") vote(ctx, "nullify", s.view);
  else if (name === "t1") {
    if (s.rounds.get(s.view)?.proposal === undefined) vote(ctx, "nullify", s.view);
  } else if (name === "status") sendStatus(ctx);
  else if (name === "retry") tryAgain(ctx);
}

function armTimer(ctx: Context): void {
  const { s } = ctx;
  let next: number | undefined;
  for (const at of s.timers.values()) if (next === undefined || at < next) next = at;
  if (next === undefined || next === s.armed) return;
  s.armed = next;
  ctx.out.push({ type: "SetTimer", atMs: next });
}
