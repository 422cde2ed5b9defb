/** What a node owes for a message: answers, blame, and a question when it hears of a later epoch. */

import type { Cert, Propose, Vote } from "../../types.ts";
import type { Message } from "../../wire/frame.ts";
import type { Status } from "../../wire/status.ts";
import type { Event } from "../addresses.ts";
import type { World } from "../world.ts";
import type { Debts } from "./debts.ts";
import { hex, quorum, voteName } from "./protocol.ts";
import { leaderOf, mayVoteIn, type Shadow } from "./shadow.ts";

type Received = Extract<Event, { type: "Received" }>;

export function hear(w: World, s: Shadow, event: Received, debts: Debts): void {
  const { from, message, nowMs } = event;
  if (message.type === "Vote") hearVote(s, from, message.vote, debts);
  else if (message.type === "Propose") hearProposal(s, from, message.propose, nowMs, debts);
  else if (message.type === "Status") hearStatus(w, s, event, debts);
  else if (message.type === "GetCerts") hearGetCerts(s, from, message, debts);
  else if (message.type === "GetStatus" && mayVoteIn(s, s.view))
    debts.owe("a status request is answered", (e) => sentTo(e, from, (m) => m.type === "Status" && m.status.nonce === message.nonce));
  else if (message.type === "GetBlocks" || message.type === "GetBoundaries")
    debts.owe("a request is served", (e) => e.type === "Serve" && e.to === from && e.request === message);
  const epoch = epochOf(message);
  if (epoch > s.epoch && nowMs >= s.boundariesAskedAt + 2 * w.scenario.params.deltaMs) {
    const asked = s.epoch;
    debts.owe("a later epoch is asked about", (e) => isBoundaryRequest(e, asked));
  }
}

type Effects = Parameters<Parameters<Debts["owe"]>[1]>[0];

function isBoundaryRequest(e: Effects, epoch: number): boolean {
  return e.type === "Fetch" && e.request.type === "GetBoundaries" && e.request.fromEpoch === epoch;
}

function sentTo(e: Effects, to: number, matches: (m: Message) => boolean): boolean {
  return e.type === "Send" && e.to !== "all" && e.to.includes(to) && matches(e.message);
}

function epochOf(m: Message): number {
  if (m.type === "Vote") return m.vote.epoch;
  if (m.type === "Cert") return m.cert.epoch;
  if (m.type === "Propose") return m.propose.epoch;
  if (m.type === "Status") return m.status.epoch;
  return m.type === "Certs" ? Math.max(-1, ...m.certs.map((c) => c.epoch)) : -1;
}

function hearVote(s: Shadow, from: number, vote: Vote, debts: Debts): void {
  if (vote.signer !== from) {
    if (vote.epoch === s.epoch) debts.owe("an impersonator is blamed", (e) => e.type === "Blame" && e.validator === from);
    return;
  }
  if ((vote.kind === "nullify") !== (vote.hash === undefined)) return;
  noteVote(s, vote, vote.epoch === s.epoch && vote.view > s.floor && vote.view <= s.view + 64);
}

/** A signer's third hash of a kind and view is not counted any more, and a bad signer is not heard again. */
export function noteVote(s: Shadow, vote: Vote, inWindow: boolean): void {
  if (vote.epoch < s.epoch) return;
  const name = voteName(vote);
  const slot = `${vote.kind}/${vote.epoch}/${vote.view}/${vote.signer}`;
  const hashes = s.hashesOf.get(slot) ?? new Set();
  s.hashesOf.set(slot, hashes.add(hex(vote.hash)));
  const heard = s.heard.get(name) ?? new Map();
  s.heard.set(name, heard);
  const before = heard.get(vote.signer);
  const signatures = (before?.signatures ?? new Set()).add(hex(vote.signature));
  heard.set(vote.signer, { signatures, firm: before?.firm || (inWindow && hashes.size <= 2 && !s.badVoters.has(slot)) });
}

export function firmQuorum(w: World, s: Shadow, name: string): boolean {
  const heard = s.heard.get(name) ?? new Map();
  return quorum(
    w.scenario.weights,
    [...heard].filter(([, h]) => h.firm).map(([signer]) => signer),
  );
}

function hearProposal(s: Shadow, from: number, p: Propose, now: number, debts: Debts): void {
  const hash = "block" in p.content ? p.content.block.hash : p.content.reproposalOf;
  const v = p.vote;
  const own = v.signer === from && v.kind === "notarize" && v.epoch === p.epoch && v.view === p.view && hex(v.hash) === hex(hash);
  if (p.epoch === s.epoch && p.view > s.floor && !(own && from === leaderOf(s, p.view)))
    debts.owe("a false proposal is blamed", (e) => e.type === "Blame" && e.validator === from);
  if (!own || p.epoch < s.epoch) return;
  const at = `${p.epoch}/${p.view}`;
  s.arrived.set(p, now);
  if ("block" in p.content && p.epoch === s.epoch && p.view <= s.view + 1) s.seen.add(hex(p.content.block.hash));
  s.proposals.set(at, [...(s.proposals.get(at) ?? []), p]);
  noteVote(s, v, false);
}

function hearStatus(w: World, s: Shadow, { from, message }: Received, debts: Debts): void {
  if (message.type !== "Status") return;
  const { status } = message;
  if (s.lost?.nonce !== undefined && status.nonce === s.lost.nonce) noteAnswer(w, s, from, status);
  if (status.epoch < s.epoch)
    debts.owe("who is an epoch behind gets the boundary", (e) => e.type === "Serve" && e.to === from && e.request.type === "GetBoundaries");
  if (status.epoch !== s.epoch || status.view >= s.view) return;
  const owed = [s.entry, s.newestF ?? s.baseF].filter((c) => c !== undefined);
  if (owed.length > 0)
    debts.owe("who is behind gets the certificates", (e) => sentTo(e, from, (m) => m.type === "Certs" && includes(m.certs, owed)));
}

function includes(sent: readonly Cert[], owed: readonly Cert[]): boolean {
  return owed.every((c) => sent.some((d) => voteName(c) === voteName(d)));
}

/** Where an answer's sender stands: its view is opened by its entry certificate, and view 1 by the epoch. */
function noteAnswer(w: World, s: Shadow, from: number, { epoch, view, entry }: Status): void {
  const opened = entry !== undefined && entry.epoch === epoch && entry.view + 1 === view && w.signatures.verify(entry) !== false;
  if (view !== 1 && !opened) return;
  const before = s.lost?.answers.get(from);
  // The lowest of its answers: the engine may not have verified the first one first.
  if (before === undefined || epoch < before.epoch || (epoch === before.epoch && view < before.view))
    s.lost?.answers.set(from, { epoch, view });
}

function hearGetCerts(s: Shadow, from: number, r: { epoch: number; from: number; to: number }, debts: Debts): void {
  if (r.epoch < s.epoch) debts.owe("an earlier epoch is answered with its boundary", (e) => e.type === "Serve" && e.to === from);
  if (r.epoch !== s.epoch || r.to - r.from >= 256) return;
  const owed: Cert[] = [];
  for (const [view, held] of s.certs)
    if (view >= r.from && view <= r.to) for (const c of [held.notarize, held.nullify, held.finalize]) if (c !== undefined) owed.push(c);
  if (r.from <= s.floor && s.newestF !== undefined) owed.push(s.newestF);
  if (owed.length > 0)
    debts.owe("certificates are given by view", (e) => sentTo(e, from, (m) => m.type === "Certs" && includes(m.certs, owed)));
}
