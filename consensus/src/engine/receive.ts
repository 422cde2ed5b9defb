/** Messages from validators: whose they are, whether they lie in this epoch and window, and where they go. */
import { equalBytes } from "@noema/core/bytes";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { indexOf } from "@noema/core/validator-index";
import type { Cert, Propose, Vote } from "../types.ts";
import type { Message } from "../wire/frame.ts";
import { answerCerts, answerStatusRequest, noticeEpoch, receiveBoundaries, receiveStatus } from "./catch-up.ts";
import { certsVerified, countVote, isBelowFloor, isNews, verifyCerts } from "./certificates.ts";
import { blockArrived } from "./chain.ts";
import { takeAnswer } from "./lost-log.ts";
import { WINDOW } from "./params.ts";
import { type Context, type Job, keyOf, leaderOf, roundOf } from "./state.ts";
import { hashOf } from "./voting.ts";

/** Messages of the next epoch kept for each sender. */
const AHEAD_PER_PEER = 4 * WINDOW;

export function receive(ctx: Context, from: PublicKeyHex, message: Message): void {
  switch (message.type) {
    case "Vote":
      inEpoch(ctx, from, message, message.vote.epoch, () => receiveVote(ctx, from, message.vote));
      return;
    case "Cert":
      inEpoch(ctx, from, message, message.cert.epoch, () => receiveCerts(ctx, from, [message.cert]));
      return;
    case "Propose":
      inEpoch(ctx, from, message, message.propose.epoch, () => receivePropose(ctx, from, message.propose));
      return;
    case "Certs":
      receiveCerts(ctx, from, message.certs);
      return;
    case "Status":
      receiveStatus(ctx, from, message.status);
      return;
    case "Boundaries":
      receiveBoundaries(ctx, from, message.boundaries);
      return;
    case "Blocks":
      for (const block of message.blocks) blockArrived(ctx, block);
      return;
    case "GetStatus":
      answerStatusRequest(ctx, from, message.nonce);
      return;
    case "GetCerts":
      answerCerts(ctx, from, message);
      return;
    case "GetBlocks":
    case "GetBoundaries":
      ctx.out.push({ type: "Serve", to: from, request: message });
  }
}

/** Earlier epochs are over; the next one's messages wait for it. */
function inEpoch(ctx: Context, from: PublicKeyHex, message: Message, epoch: number, handle: () => void): void {
  const { s } = ctx;
  if (epoch === s.epoch) handle();
  if (epoch <= s.epoch) return;
  noticeEpoch(ctx, from, epoch);
  if (epoch !== s.epoch + 1) return;
  const kept = s.ahead.get(from) ?? [];
  if (kept.length < AHEAD_PER_PEER) s.ahead.set(from, [...kept, message]);
}

function inWindow(ctx: Context, view: number): boolean {
  return !isBelowFloor(ctx.s, view) && view <= ctx.s.view + WINDOW;
}

/** Only from the connection of its signer: the aggregate is all that is verified, so a vote must not be put into another's mouth. */
function receiveVote(ctx: Context, from: PublicKeyHex, vote: Vote): void {
  if (vote.signer !== indexOf(ctx.s.set, from)) ctx.out.push({ type: "Blame", validator: from, reason: "impersonation" });
  else if (inWindow(ctx, vote.view) && hasHash(vote)) countVote(ctx, vote);
}

function hasHash(vote: { kind: string; hash?: Uint8Array }): boolean {
  return (vote.kind === "nullify") === (vote.hash === undefined);
}

function receiveCerts(ctx: Context, from: PublicKeyHex, certs: readonly Cert[]): void {
  const later = certs.find((c) => c.epoch > ctx.s.epoch);
  if (later !== undefined) noticeEpoch(ctx, from, later.epoch);
  verifyCerts(
    ctx,
    from,
    certs.filter((c) => hasHash(c) && isNews(ctx.s, c)),
  );
}

/** The justification first: its certificates may open the very view that is proposed for. */
function receivePropose(ctx: Context, from: PublicKeyHex, p: Propose): void {
  if (isBelowFloor(ctx.s, p.view)) return;
  const { vote } = p;
  const sound =
    vote.signer === leaderOf(ctx.s, p.view) &&
    vote.signer === indexOf(ctx.s.set, from) &&
    vote.kind === "notarize" &&
    vote.epoch === p.epoch &&
    vote.view === p.view &&
    vote.hash !== undefined &&
    equalBytes(vote.hash, hashOf(p));
  if (!sound) {
    ctx.out.push({ type: "Blame", validator: from, reason: "bad-proposal" });
    return;
  }
  const { parentCert, nullifications } = p.justification;
  const news = [...(parentCert ? [parentCert] : []), ...nullifications].filter((c) => hasHash(c) && isNews(ctx.s, c));
  if (news.length === 0 || !verifyCerts(ctx, from, news, { propose: p })) acceptProposal(ctx, p);
}

/** The first of its view; the leader's vote counts in any case, so that a second one is kept as its contradiction. */
function acceptProposal(ctx: Context, p: Propose): void {
  const { s } = ctx;
  if (p.epoch !== s.epoch || !inWindow(ctx, p.view)) return;
  const round = roundOf(s, p.view);
  if (round.proposal === undefined) {
    round.proposal = p;
    ctx.dirty = true;
    if ("block" in p.content && p.content.block.header.height > s.tip.header.height)
      s.blocks.set(keyOf(p.content.block.hash), p.content.block);
  }
  countVote(ctx, p.vote);
}

export function receiveVerified(ctx: Context, job: Extract<Job, { type: "certs" }>, good: readonly boolean[]): void {
  const sound = certsVerified(ctx, job, good);
  if (job.then === undefined) return;
  if ("answer" in job.then) {
    for (const cert of sound) takeAnswer(ctx, job.from, { epoch: cert.epoch, view: cert.view + 1 });
  } else if ("propose" in job.then) acceptProposal(ctx, job.then.propose);
  else if (sound.length > 0 && job.epoch === ctx.s.epoch) {
    ctx.s.wanted.set(keyOf(job.then.boundary.hash), { hash: job.then.boundary.hash, signers: [job.from] });
    blockArrived(ctx, job.then.boundary);
  }
}

/** At the start of an epoch: what came too early. */
export function receiveAhead(ctx: Context): void {
  const { s } = ctx;
  const ahead = s.ahead;
  s.ahead = new Map();
  for (const [from, messages] of ahead) for (const message of messages) receive(ctx, from, message);
}
