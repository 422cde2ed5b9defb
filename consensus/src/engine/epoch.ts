/** An epoch begins when the last block of the one before is final here: one boundary block, one base, votes bind the epoch. */
import { indexOf } from "@noema/core/validator-index";
import { leaderSchedule } from "./schedule.ts";
import type { Context, State } from "./state.ts";
import { startView } from "./view.ts";

/** The tip is a boundary block. Everything of the old epoch goes; the back-off stays, since the network is the same. */
export function enterEpoch(ctx: Context): boolean {
  const { s } = ctx;
  const set = s.config.setForEpoch(s.epoch + 1);
  if (set === undefined) return false;
  s.base = s.tip;
  s.baseCert = s.finalizedCert;
  beginEpoch(s, s.epoch + 1, set);
  ctx.out.push({ type: "EpochEntered", epoch: s.epoch, boundary: s.base });
  startView(ctx);
  return true;
}

/** Fields of an epoch's start; the beacon is already that of its base. */
export function beginEpoch(s: State, epoch: number, set: State["set"]): void {
  s.epoch = epoch;
  s.set = set;
  s.self = indexOf(set, s.config.self);
  s.schedule = leaderSchedule(set, s.beacon.seed);
  s.view = 1;
  s.entry = undefined;
  s.finalizedView = 0;
  s.finalizedCert = undefined;
  s.rounds = new Map();
  s.blocks = new Map();
  s.persisted = new Set();
  s.wanted = new Map();
}
