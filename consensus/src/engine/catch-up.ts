/**
 * How a node that missed something gets it: Status every 3Δ shows both sides who is behind; certificates are asked for by view,
 * boundaries by epoch, one epoch at a time.
 */
import { toHex } from "@noema/core/bytes";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { type Boundary, type Cert, LIMITS } from "../types.ts";
import type { Status } from "../wire/status.ts";
import { isNews, KINDS, verifyCerts } from "./certificates.ts";
import { askForRounds, isAnswer, takeAnswer } from "./lost-log.ts";
import { pick } from "./random.ts";
import { type Context, isBoundary, others, type State } from "./state.ts";
import { statusPeriod } from "./status-period.ts";
import { signatureOf } from "./tally.ts";
import { remembers } from "./vote.ts";
import { missingViews } from "./walk.ts";

function newestFinalized(s: State): Cert | undefined {
  return s.finalizedCert ?? s.baseCert;
}

export function ownStatus(s: State, nonce: number): Status {
  return { epoch: s.epoch, view: s.view, finalized: newestFinalized(s), entry: s.entry, nonce };
}

/** Status to all, plus the own nullify of the view if cast: whatever was lost of it arrives in the end. */
export function sendStatus(ctx: Context): void {
  const { s } = ctx;
  askForRounds(ctx);
  ctx.out.push({ type: "Send", to: "all", message: { type: "Status", status: ownStatus(s, 0) } });
  const nullify = { kind: "nullify", epoch: s.epoch, view: s.view } as const;
  const round = s.rounds.get(s.view);
  const signer = s.self;
  const signature = signer !== undefined && round?.ownNullify && signatureOf(round.votes.nullify, nullify, signer);
  if (signer !== undefined && signature)
    ctx.out.push({ type: "Send", to: "all", message: { type: "Vote", vote: { ...nullify, signer, signature } } });
  s.timers.set("status", ctx.now + statusPeriod(s, ctx.now));
}

/** Whoever asks takes the round for the highest that this validator voted in: where that may not be so, it does not answer. */
export function answerStatusRequest(ctx: Context, from: PublicKeyHex, nonce: number): void {
  const { s } = ctx;
  if (!remembers(s, s.view) && !s.config.params.controls?.answersFromBelow) return;
  ctx.out.push({ type: "Send", to: [from], message: { type: "Status", status: ownStatus(s, nonce) } });
}

export function receiveStatus(ctx: Context, from: PublicKeyHex, status: Status): void {
  const { s } = ctx;
  const certs = [status.entry, status.finalized].filter((c) => c !== undefined);
  if (isAnswer(s, status)) {
    const { entry, finalized } = status;
    if (status.view === 1 && finalized !== undefined && s.config.params.controls?.lostLogForgetsEpochs)
      takeAnswer(ctx, from, { epoch: finalized.epoch, view: finalized.view + 1 });
    else if (status.view === 1) takeAnswer(ctx, from, status);
    else if (entry?.epoch === status.epoch && entry.view === status.view - 1) verifyCerts(ctx, from, [entry], { answer: true });
  }
  if (status.epoch < s.epoch) serveBoundaries(ctx, from, status.epoch);
  else if (status.epoch > s.epoch) noticeEpoch(ctx, from, status.epoch);
  else {
    verifyCerts(ctx, from, dedupe(certs.filter((c) => isNews(s, c))));
    if (status.view < s.view) sendCerts(ctx, from, [s.entry, newestFinalized(s)]);
  }
}

function sendCerts(ctx: Context, to: PublicKeyHex, certs: readonly (Cert | undefined)[]): void {
  const present = dedupe(certs.filter((c) => c !== undefined));
  if (present.length > 0) ctx.out.push({ type: "Send", to: [to], message: { type: "Certs", certs: present } });
}

function dedupe(certs: readonly Cert[]): Cert[] {
  const seen = new Map(certs.map((c) => [`${c.kind}/${c.epoch}/${c.view}/${c.hash ? toHex(c.hash) : ""}`, c]));
  return [...seen.values()];
}

export function answerCerts(ctx: Context, from: PublicKeyHex, request: { epoch: number; from: number; to: number }): void {
  const { s } = ctx;
  if (request.epoch < s.epoch) serveBoundaries(ctx, from, request.epoch);
  if (request.epoch !== s.epoch || request.to - request.from >= LIMITS.certViews) return;
  const certs: (Cert | undefined)[] = [];
  if (request.from <= s.finalizedView) certs.push(s.finalizedCert);
  for (let view = Math.max(request.from, s.finalizedView + 1); view <= request.to; view++) {
    const held = s.rounds.get(view)?.certs;
    if (held !== undefined) certs.push(...KINDS.map((kind) => held[kind]));
  }
  sendCerts(ctx, from, certs);
}

/** While a view's certificate is missing: at once, then every 2Δ another random peer. */
export function askForViews(ctx: Context): void {
  const { s } = ctx;
  const missing = missingViews(s);
  if (missing === undefined || s.config.params.controls?.noCertsByView) {
    s.timers.delete("gap");
    return;
  }
  if (s.timers.has("gap")) return;
  for (const to of pick(s.random, others(s), 1))
    ctx.out.push({ type: "Fetch", to, request: { type: "GetCerts", epoch: s.epoch, ...missing } });
  s.timers.set("gap", ctx.now + 2 * s.config.params.deltaMs);
}

function serveBoundaries(ctx: Context, to: PublicKeyHex, fromEpoch: number): void {
  ctx.out.push({ type: "Serve", to, request: { type: "GetBoundaries", fromEpoch } });
}

/** Something of a later epoch: its sender can prove where the own epoch ended. At most once in 2Δ. */
export function noticeEpoch(ctx: Context, peer: PublicKeyHex, epoch: number): void {
  const { s } = ctx;
  if (s.farthest === undefined || epoch > s.farthest.epoch) s.farthest = { epoch, peer };
  if (s.boundariesAskedAt !== undefined && ctx.now < s.boundariesAskedAt + 2 * s.config.params.deltaMs) return;
  askForBoundaries(ctx, peer);
}

export function askForBoundaries(ctx: Context, peer: PublicKeyHex): void {
  ctx.s.boundariesAskedAt = ctx.now;
  ctx.out.push({ type: "Fetch", to: peer, request: { type: "GetBoundaries", fromEpoch: ctx.s.epoch } });
}

/** Only that of the own epoch counts: the next ones are checked with sets that it leads to. */
export function receiveBoundaries(ctx: Context, from: PublicKeyHex, boundaries: readonly Boundary[]): void {
  const { s } = ctx;
  const own = boundaries.find((b) => b.cert.epoch === s.epoch && b.cert.kind === "finalize");
  if (own?.cert.hash === undefined || toHex(own.cert.hash) !== toHex(own.block.hash)) return;
  if (own.block.header.epoch !== s.epoch || !isBoundary(s, own.block.header.height)) return;
  if (isNews(s, own.cert)) verifyCerts(ctx, from, [own.cert], { boundary: own.block });
}
