/**
 * What an observer knows of one honest node: rebuilt from what was delivered to it and from the effects that it gave out, never
 * read from the engine's state. The rules in this folder are checked against it after every step.
 */
import type { LogRecord } from "../../engine/events.ts";
import type { Cert, Propose, VoteKind } from "../../types.ts";
import { hex } from "./protocol.ts";

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

/** Own votes and certificates of this epoch that the log holds. */
export function replay(s: Shadow): void {
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
