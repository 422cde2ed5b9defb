/**
 * State from what is durable (consensus.md 2.3): the floor, then the log. view = max(certificate's view + 1, highest voted view).
 * Own votes go back into the own tally; nothing but nullify is sent again, and a view that was proposed for is not again.
 */
import { fromHex } from "@noema/core/bytes";
import { setFloor } from "./certificates.ts";
import { beginEpoch } from "./epoch.ts";
import type { LogRecord, Restore } from "./events.ts";
import { askForRounds } from "./lost-log.ts";
import type { EngineConfig } from "./params.ts";
import { createRandom, nextBelow } from "./random.ts";
import { type Context, keyOf, roundOf, type State } from "./state.ts";
import { startView } from "./view.ts";
import { recordVote, vote } from "./vote.ts";
import { blockCert } from "./walk.ts";

export function createEngine(config: EngineConfig, restore: Restore): State {
  const { tip } = restore;
  const epoch = Math.floor(tip.header.height / config.params.epochLength);
  const set = config.setForEpoch(epoch);
  if (set === undefined) throw new RangeError(`no validator set for epoch ${epoch}`);
  const s = {
    config,
    random: createRandom(restore.entropy),
    beacon: restore.beacon,
    base: restore.base?.block ?? tip,
    baseCert: restore.base?.cert,
    tip,
    enteredAt: 0,
    backoff: 0,
    payload: "none",
    jobs: new Map(),
    nextJob: 1,
    verifying: new Set(),
    timers: new Map(),
    ahead: new Map(),
    later: [],
    loggedEpoch: Math.max(0, ...restore.records.map((r) => (r.type === "Block" ? 0 : (epochOf(r) ?? 0)))),
    diverged: false,
  } as unknown as State;
  beginEpoch(s, epoch, set);
  if (restore.finalized?.epoch === epoch) setFloor(s, restore.finalized);
  applyRecords(s, restore.records);
  restoreLostLog(s, restore);
  return s;
}

/** Records of the current epoch; later ones are kept for when it begins (the log may be ahead of the application). */
function applyRecords(s: State, records: readonly LogRecord[]): void {
  s.later = [];
  for (const record of records) {
    const epoch = epochOf(record);
    if (epoch === undefined || epoch < s.epoch) continue;
    if (epoch > s.epoch) s.later.push(record);
    else applyRecord(s, record);
  }
  s.view = Math.max(1, s.finalizedView + 1, ...[...s.rounds.values()].map(nextViewAfter));
  s.entry = blockCert(s, s.view - 1) ?? s.rounds.get(s.view - 1)?.certs.nullify;
}

function epochOf(record: LogRecord): number | undefined {
  if (record.type === "Vote") return record.vote.epoch;
  if (record.type === "Cert") return record.cert.epoch;
  return record.type === "Block" ? record.block.header.epoch : undefined;
}

function applyRecord(s: State, record: LogRecord): void {
  if (record.type === "Block") {
    const { block } = record;
    if (block.header.height > s.tip.header.height) s.blocks.set(keyOf(block.hash), block);
    s.persisted.add(keyOf(block.hash));
  } else if (record.type === "Vote" && record.vote.view > s.finalizedView) {
    recordVote(roundOf(s, record.vote.view), record.vote.kind, record.vote.hash);
  } else if (record.type === "Cert" && record.cert.view > s.finalizedView) {
    roundOf(s, record.cert.view).certs[record.cert.kind] = record.cert;
    if (record.cert.kind === "finalize") setFloor(s, record.cert);
  }
}

function nextViewAfter(round: State["rounds"] extends Map<number, infer R> ? R : never): number {
  const { notarize, nullify } = round.certs;
  if (notarize !== undefined || nullify !== undefined) return round.view + 1;
  return round.ownNotarize !== undefined || round.ownNullify || round.ownFinalize !== undefined ? round.view : 1;
}

function restoreLostLog(s: State, restore: Restore): void {
  let lost = restore.lost === true;
  for (const record of restore.records) {
    if (record.type === "Lost") lost = true;
    if (record.type === "Resume") {
      lost = false;
      s.lost = { phase: "Resumed", epoch: record.epoch, view: record.view };
    }
  }
  if (lost) s.lost = { phase: "Collecting", nonce: 1 + nextBelow(s.random, 0x7fffffff), answers: new Map() };
}

/** The Start event: own logged votes for the own tally, finalize for notarizations found, timers. */
export function start(ctx: Context): void {
  if (ctx.s.lost?.phase === "Collecting") ctx.out.push({ type: "Persist", records: [{ type: "Lost" }] });
  askForRounds(ctx);
  resume(ctx);
}

/** At the start of an epoch, when the log was ahead of the application. */
export function applyLater(ctx: Context): void {
  if (ctx.s.later.length === 0) return;
  applyRecords(ctx.s, ctx.s.later);
  resume(ctx);
}

function resume(ctx: Context): void {
  const { s } = ctx;
  for (const round of [...s.rounds.values()].sort((a, b) => a.view - b.view)) {
    retally(ctx, round.view);
    const { notarize } = round.certs;
    if (notarize !== undefined) vote(ctx, "finalize", round.view, notarize.hash);
  }
  startView(ctx);
}

function retally(ctx: Context, view: number): void {
  const { s } = ctx;
  const round = roundOf(s, view);
  const again = (kind: "notarize" | "nullify" | "finalize", key?: string) => {
    const hash = key === undefined ? undefined : fromHex(key);
    ctx.out.push({ type: "SignAndSend", vote: { kind, epoch: s.epoch, view, ...(hash && { hash }) }, to: "nobody" });
  };
  if (round.ownNotarize !== undefined) again("notarize", round.ownNotarize);
  if (round.ownNullify) again("nullify");
  if (round.ownFinalize !== undefined) again("finalize", round.ownFinalize);
}
