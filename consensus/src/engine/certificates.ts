/**
 * Certificates: formed from own tallies or taken from outside, verified singly, stored once, then acted on.
 * N: vote finalize for it, whatever the view is now. F: raise the floor. All: open the next view.
 */
import { toHex } from "@noema/core/bytes";
import type { PublicKeyHex } from "@noema/core/ports/signing";
import { publicKeyAt } from "@noema/core/validator-index";
import type { Cert, UnsignedVote, Vote, VoteKind } from "../types.ts";
import { RELAY_FAN } from "./params.ts";
import { pick } from "./random.ts";
import { addJob, type Context, type Job, leaderOf, others, roundOf, type State } from "./state.ts";
import { addVote, settleQuorum, takeQuorum } from "./tally.ts";
import { enterView } from "./view.ts";
import { vote } from "./vote.ts";

/** Verify jobs of one peer at a time; beyond it certificates are dropped and come again with the next Status. */
const JOBS_PER_PEER = 16;

export function isBelowFloor(s: State, view: number): boolean {
  return view <= s.finalizedView && !s.config.params.controls?.noFloorRule;
}

/** A vote inside the window, own or from its signer's connection; asks for verification when its weight passes quorum. */
export function countVote(ctx: Context, v: Vote): void {
  const { s } = ctx;
  const round = roundOf(s, v.view);
  if (!addVote(round.votes[v.kind], s.set, v)) return;
  if (v.kind === "nullify" && v.view === s.view) ctx.dirty = true;
  verifyQuorum(ctx, v);
}

function verifyQuorum(ctx: Context, v: UnsignedVote): void {
  const { s } = ctx;
  const round = roundOf(s, v.view);
  if (round.certs[v.kind] !== undefined) return;
  const votes = takeQuorum(round.votes[v.kind], s.set, v, s.config.params.controls?.quorumByCount);
  if (votes === undefined) return;
  const unsigned: UnsignedVote = { kind: v.kind, epoch: v.epoch, view: v.view, ...(v.hash && { hash: v.hash }) };
  const id = addJob(s, { type: "votes", epoch: s.epoch, kind: v.kind, view: v.view, hash: v.hash });
  ctx.out.push({ type: "Verify", id, vote: unsigned, votes });
}

export function votesVerified(
  ctx: Context,
  job: Extract<Job, { type: "votes" }>,
  certificate: { bitmap: Uint8Array; signature: Uint8Array } | undefined,
  bad: readonly number[],
): void {
  const { s } = ctx;
  if (job.epoch !== s.epoch || isBelowFloor(s, job.view)) return;
  const unsigned: UnsignedVote = { kind: job.kind, epoch: job.epoch, view: job.view, ...(job.hash && { hash: job.hash }) };
  settleQuorum(roundOf(s, job.view).votes[job.kind], s.set, unsigned, bad);
  for (const signer of bad) {
    const validator = publicKeyAt(s.set, signer);
    if (validator !== undefined) ctx.out.push({ type: "Blame", validator, reason: "bad-vote" });
  }
  if (certificate !== undefined) storeCert(ctx, { ...unsigned, ...certificate }, true);
  else verifyQuorum(ctx, unsigned);
}

/** What of `certs` is new and of this epoch goes to verification; `then` is taken up with the answer (also when nothing is new). */
export function verifyCerts(
  ctx: Context,
  from: PublicKeyHex,
  certs: readonly Cert[],
  then?: Extract<Job, { type: "certs" }>["then"],
): boolean {
  const { s } = ctx;
  const fresh = certs.filter((c) => then !== undefined || !s.verifying.has(bytesOf(c)));
  if (fresh.length === 0) return false;
  let inFlight = 0;
  for (const job of s.jobs.values()) if (job.type === "certs" && job.from === from) inFlight++;
  if (inFlight >= JOBS_PER_PEER) return true;
  for (const c of fresh) s.verifying.add(bytesOf(c));
  const id = addJob(s, { type: "certs", epoch: s.epoch, certs: fresh, from, then });
  ctx.out.push({ type: "VerifyCerts", id, certs: fresh });
  return true;
}

/** The good ones, stored when they are of this epoch. */
export function certsVerified(ctx: Context, job: Extract<Job, { type: "certs" }>, good: readonly boolean[]): Cert[] {
  const { s } = ctx;
  for (const c of job.certs) s.verifying.delete(bytesOf(c));
  const sound = job.certs.filter((_, i) => good[i] === true);
  if (sound.length < job.certs.length && job.certs.every((c) => c.epoch === s.epoch))
    ctx.out.push({ type: "Blame", validator: job.from, reason: "bad-certificate" });
  for (const cert of sound) storeCert(ctx, cert, false);
  return sound;
}

export function isNews(s: State, cert: Cert): boolean {
  return cert.epoch === s.epoch && !isBelowFloor(s, cert.view) && s.rounds.get(cert.view)?.certs[cert.kind] === undefined;
}

function bytesOf(cert: Cert): string {
  const hash = cert.hash === undefined ? "" : toHex(cert.hash);
  return `${cert.kind}/${cert.epoch}/${cert.view}/${hash}/${toHex(cert.bitmap)}/${toHex(cert.signature)}`;
}

function storeCert(ctx: Context, cert: Cert, formedHere: boolean): void {
  const { s } = ctx;
  if (!isNews(s, cert)) return;
  roundOf(s, cert.view).certs[cert.kind] = cert;
  ctx.dirty = true;
  ctx.out.push({ type: "Persist", records: [{ type: "Cert", cert }] });
  // One that neither came together here nor moves this node is old news to the others as well.
  if (formedHere || cert.view >= s.view || (cert.kind === "finalize" && cert.view > s.finalizedView)) relay(ctx, cert);
  if (cert.kind === "notarize") vote(ctx, "finalize", cert.view, cert.hash);
  if (cert.kind === "finalize") raiseFloor(ctx, cert);
  enterView(ctx, cert.view + 1, cert);
}

/** X to all; N and F to the next leader and a few random peers: the rest is repaired by Status. */
function relay(ctx: Context, cert: Cert): void {
  const { s } = ctx;
  if (cert.kind === "nullify") {
    ctx.out.push({ type: "Send", to: "all", message: { type: "Cert", cert } });
    return;
  }
  const leader = publicKeyAt(s.set, leaderOf(s, cert.view + 1));
  const all = others(s);
  const to = [
    ...all.filter((key) => key === leader),
    ...pick(
      s.random,
      all.filter((key) => key !== leader),
      RELAY_FAN,
    ),
  ];
  if (to.length > 0) ctx.out.push({ type: "Send", to, message: { type: "Cert", cert } });
}

/** The floor moves when F is stored, before its blocks are there. Records at or below it go; F itself stays. */
function raiseFloor(ctx: Context, cert: Cert): void {
  const { s } = ctx;
  if (cert.view <= s.finalizedView) return;
  setFloor(s, cert);
  s.backoff = Math.max(0, s.backoff - 1);
  ctx.out.push({ type: "Prune", epoch: s.epoch, view: cert.view });
}

export function setFloor(s: State, cert: Cert): void {
  s.finalizedView = cert.view;
  s.finalizedCert = cert;
  for (const view of s.rounds.keys()) if (view <= cert.view) s.rounds.delete(view);
}

export const KINDS: readonly VoteKind[] = ["notarize", "nullify", "finalize"];
