/** How a shadow starts and moves on: epochs, views, timers. */
import type { Event, LogRecord, Restore } from "../../engine/events.ts";
import type { Cert } from "../../types.ts";
import type { World } from "../world.ts";
import { hex, leaders, timeouts } from "./protocol.ts";
import { raise, replay, type Shadow } from "./shadow.ts";

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
  const { intervalMs, deltaMs } = w.scenario.params;
  s.statusDue = Math.max(s.statusDue, now + intervalMs + deltaMs);
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
