/**
 * What an observer knows of one honest node: rebuilt from what was delivered to it and from the effects that it gave out, never
 * read from the engine's state. The rules in this folder are checked against it after every step.
 */
import type { Event, LogRecord, Restore } from "../../engine/events.ts";
import type { Cert, Propose, VoteKind } from "../../types.ts";
import type { World } from "../world.ts";
import { hex, leaders, timeouts } from "./protocol.ts";

export type Held = { notarize?: Cert; nullify?: Cert; finalize?: Cert };
export type Cast = { notarize?: string; nullify?: boolean; finalize?: string };
export type Heard = Map<number, { signatures: Set<string>; firm: boolean }>;
type Round = { epoch: number; view: number };

export type Shadow = {
  key: number;
  epoch: number;
  view: number;
  floor: number;
  entry?: Cert;
  newestF?: Cert;
  baseF?: Cert;
  base: string;
  /** View that the base was first proposed in. */
  baseView: number;
  leaders: number[];
  certs: Map<number, Held>;
  cast: Map<number, Cast>;
  records: readonly LogRecord[];
  loggedEpoch: number;
  lost?: { nonce?: number; answers: Map<number, Round> };
  resumed?: Round;
  backoff: number;
  payload: "none" | "some" | "full";
  enteredAt: number;
  /** Earliest time at which the timer may act, and the latest at which it must have. */
  t1: { may: number; must: number };
  t2: { may: number; must: number };
  statusAt: number;
  statusDue: number;
  gapAskedAt: number;
  boundariesAskedAt: number;
  blocksAsked: Map<string, { at: number; times: number }>;
  /** Votes from their signers' own connections, by name of the vote; `firm`: the engine has to have counted it. */
  heard: Map<string, Heard>;
  hashesOf: Map<string, Set<string>>;
  badVoters: Set<string>;
  tallying: Map<number, string>;
  /** Proposals that came from the leader, by "epoch/view", in order. */
  proposals: Map<string, Propose[]>;
  arrived: WeakMap<Propose, number>;
  /** Blocks that were delivered to it as proposals of this epoch, or given out by it. */
  seen: Set<string>;
  checking: Map<number, { at: string; hash: string }>;
  checked: Map<string, { hash: string; result?: "valid" | "undecided" | "invalid" }>;
  verifying: Map<number, { certs: Cert[] }>;
  proved: Set<string>;
  signed: Set<string>;
};

export function createShadow(w: World, key: number, restore: Restore): Shadow {
  const { params } = w.scenario;
  const epoch = Math.floor(restore.tip.header.height / params.epochLength);
  const s: Shadow = {
    key,
    epoch,
    view: 1,
    floor: 0,
    baseF: restore.base?.cert,
    base: hex(restore.base?.block.hash ?? restore.tip.hash),
    baseView: (restore.base?.block ?? restore.tip).header.view,
    leaders: [],
    certs: new Map(),
    cast: new Map(),
    records: restore.records,
    loggedEpoch: Math.max(0, ...restore.records.map((r) => epochOf(r) ?? 0)),
    backoff: 0,
    payload: "none",
    enteredAt: 0,
    t1: { may: 0, must: 0 },
    t2: { may: 0, must: 0 },
    statusAt: 0,
    statusDue: 0,
    gapAskedAt: Number.NEGATIVE_INFINITY,
    boundariesAskedAt: Number.NEGATIVE_INFINITY,
    blocksAsked: new Map(),
    heard: new Map(),
    hashesOf: new Map(),
    badVoters: new Set(),
    tallying: new Map(),
    proposals: new Map(),
    arrived: new WeakMap(),
    seen: new Set([hex(restore.tip.hash)]),
    checking: new Map(),
    checked: new Map(),
    verifying: new Map(),
    proved: new Set(),
    signed: new Set(),
  };
  openEpoch(w, s);
  if (restore.finalized?.epoch === epoch) raise(s, restore.finalized);
  replay(s);
  let lost = restore.lost === true;
  for (const r of restore.records) {
    if (r.type === "Lost") lost = true;
    if (r.type !== "Resume") continue;
    lost = false;
    s.resumed = { epoch: r.epoch, view: r.view };
  }
  if (lost) s.lost = { answers: new Map() };
  return s;
}

function epochOf(r: LogRecord): number | undefined {
  return r.type === "Vote" ? r.vote.epoch : r.type === "Cert" ? r.cert.epoch : undefined;
}

function openEpoch(w: World, s: Shadow): void {
  const seed = w.checker.randomness.seeds[s.epoch];
  if (seed !== undefined) s.leaders = leaders(w.scenario.weights, seed);
}

export function enterEpoch(w: World, s: Shadow, base: string, now: number): void {
  s.baseF = s.newestF;
  s.base = base;
  s.baseView = w.checker.blocks.get(base)?.header.view ?? 0;
  s.seen = new Set([base]);
  s.epoch++;
  s.view = 1;
  s.floor = 0;
  s.entry = undefined;
  s.newestF = undefined;
  s.certs = new Map();
  s.cast = new Map();
  for (const map of [s.heard, s.hashesOf, s.proposals, s.checked])
    for (const name of map.keys()) if (epochIn(name) < s.epoch) map.delete(name);
  openEpoch(w, s);
  replay(s);
  startView(w, s, now);
}

/** Of "epoch/view" or "kind/epoch/view/...". */
function epochIn(name: string): number {
  const [first, second] = name.split("/");
  return /^[0-9]+$/.test(first as string) ? Number(first) : Number(second);
}

/** Own votes and certificates of this epoch that the log holds. */
function replay(s: Shadow): void {
  for (const r of s.records) {
    if (r.type === "Cert" && r.cert.epoch === s.epoch && r.cert.view > s.floor) {
      held(s, r.cert.view)[r.cert.kind] = r.cert;
      s.view = Math.max(s.view, r.cert.view + 1);
      if (r.cert.kind === "finalize") raise(s, r.cert);
    } else if (r.type === "Vote" && r.vote.epoch === s.epoch && r.vote.view > s.floor) {
      record(s, r.vote.kind, r.vote.view, hex(r.vote.hash));
      s.view = Math.max(s.view, r.vote.view);
    }
  }
  s.view = Math.max(s.view, s.floor + 1);
  const below = s.certs.get(s.view - 1);
  s.entry = s.view - 1 === s.floor ? s.newestF : (below?.finalize ?? below?.notarize ?? below?.nullify);
}

export function held(s: Shadow, view: number): Held {
  const certs = s.certs.get(view) ?? {};
  s.certs.set(view, certs);
  return certs;
}

export function record(s: Shadow, kind: VoteKind, view: number, hash: string): void {
  const cast = s.cast.get(view) ?? {};
  s.cast.set(view, cast);
  if (kind === "nullify") cast.nullify = true;
  else cast[kind] = hash;
}

export function raise(s: Shadow, cert: Cert): void {
  s.floor = cert.view;
  s.newestF = cert;
  for (const map of [s.certs, s.cast]) for (const view of map.keys()) if (view <= s.floor) map.delete(view);
}

/** Hash certified in a view at or above the floor. */
export function certifiedHash(s: Shadow, view: number): string | undefined {
  if (view === s.floor && s.newestF !== undefined) return hex(s.newestF.hash);
  const certs = s.certs.get(view);
  const cert = certs?.finalize ?? certs?.notarize;
  return cert && hex(cert.hash);
}

export function leaderOf(s: Shadow, view: number): number | undefined {
  return s.leaders[view % s.leaders.length];
}

export function mayVoteIn(s: Shadow, view: number): boolean {
  if (s.lost !== undefined || s.epoch < s.loggedEpoch || view <= s.floor) return false;
  return s.resumed === undefined || !mayBeForgotten(s, s.resumed, view);
}

/**
 * Whether a lost log may have held a vote of this round of the current epoch: up to one certificate above M = (e, v), which is that
 * of view v, or F of e's last block (two views of e + 1 then), which cannot be older than that block.
 */
function mayBeForgotten(s: Shadow, m: Round, view: number): boolean {
  if (s.epoch === m.epoch + 1) return s.baseView < m.view && view <= 2;
  return s.epoch < m.epoch || (s.epoch === m.epoch && view <= m.view + 1);
}

export function intervalOf(w: World, s: Shadow): number {
  const { params } = w.scenario;
  return s.payload === "none" ? params.idleIntervalMs : params.intervalMs;
}

export function enterView(w: World, s: Shadow, cert: Cert, now: number): void {
  if (cert.view + 1 <= s.view) return;
  s.view = cert.view + 1;
  s.entry = cert;
  const { t2 } = timeouts(intervalOf(w, s), w.scenario.params.deltaMs, s.backoff);
  if (s.view > s.floor + 3 && t2 < 60_000) s.backoff++;
  startView(w, s, now);
}

export function startView(w: World, s: Shadow, now: number): void {
  s.enteredAt = now;
  const { t1, t2 } = deadlines(w, s, now);
  s.t1 = { may: t1, must: t1 };
  s.t2 = { may: t2, must: t2 };
  s.gapAskedAt = now;
  noteStatus(w, s, now);
}

/** T1 and T2 start once more from now; one that was due may act all the same. */
export function restartTimeouts(w: World, s: Shadow, now: number): void {
  const { t1, t2 } = deadlines(w, s, now);
  s.t1 = { may: Math.min(s.t1.may, t1), must: Math.max(s.t1.must, t1) };
  s.t2 = { may: Math.min(s.t2.may, t2), must: Math.max(s.t2.must, t2) };
}

function deadlines(w: World, s: Shadow, now: number): { t1: number; t2: number } {
  const { params } = w.scenario;
  const { t1, t2 } = timeouts(intervalOf(w, s), params.deltaMs, s.backoff);
  const never = params.instant && s.payload === "none";
  return { t1: never ? Number.POSITIVE_INFINITY : now + t1, t2: never ? Number.POSITIVE_INFINITY : now + t2 };
}

export function noteStatus(w: World, s: Shadow, now: number): void {
  const { deltaMs, intervalMs, idleIntervalMs, instant } = w.scenario.params;
  const calm = s.payload === "none" && (instant || idleIntervalMs > intervalMs);
  s.statusAt = now;
  s.statusDue = now + (calm ? Math.max(1_000, 3 * deltaMs) : 3 * deltaMs);
}

/** The timers start again with the first certificate that can be included; one that has acted already does not. */
export function notePayload(w: World, s: Shadow, event: Extract<Event, { type: "PayloadHeld" }>): void {
  const first = s.payload === "none" && event.level !== "none";
  s.payload = event.level;
  if (first) restartTimeouts(w, s, event.nowMs);
}
