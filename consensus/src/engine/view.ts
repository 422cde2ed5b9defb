/**
 * Views and their timeouts. With interval the time a leader may wait and b = 1.5^k:
 * T1 = interval + 2Δb (no proposal), T2 = interval + 3Δb (no notarization), each at most 60 s. k grows on entering a view more
 * than 3 above the floor and shrinks with every new finalization, so the timers find any unknown delay.
 */
import type { Cert } from "../types.ts";
import { MAX_VIEW_TIMEOUT_MS } from "./params.ts";
import type { Context, State } from "./state.ts";
import { firstStatusAfter } from "./status-period.ts";

const BACKOFF_BASE = 1.5;
const CALM_VIEWS = 3;

export function interval(s: State): number {
  const { intervalMs, idleIntervalMs } = s.config.params;
  return s.payload === "none" ? idleIntervalMs : intervalMs;
}

export function viewTimeouts(s: State): { t1: number; t2: number } {
  const { deltaMs, controls } = s.config.params;
  const exponent = Math.min(s.backoff, controls?.backoffCappedAt ?? s.backoff);
  const b = BACKOFF_BASE ** exponent;
  const at = (deltas: number) => Math.min(MAX_VIEW_TIMEOUT_MS, Math.ceil(interval(s) + deltas * deltaMs * b));
  return { t1: at(2), t2: at(3) };
}

/** Opens `view` when it lies above the current one. */
export function enterView(ctx: Context, view: number, entry: Cert | undefined): void {
  const { s } = ctx;
  if (view <= s.view) return;
  s.view = view;
  s.entry = entry;
  if (view > s.finalizedView + CALM_VIEWS && viewTimeouts(s).t2 < MAX_VIEW_TIMEOUT_MS) s.backoff++;
  startView(ctx);
}

/** Timers of the current view, from now. */
export function startView(ctx: Context): void {
  const { s } = ctx;
  s.enteredAt = ctx.now;
  for (const name of ["propose", "retry", "gap"] as const) s.timers.delete(name);
  startTimeouts(ctx);
  s.timers.set("status", ctx.now + firstStatusAfter(s, ctx.now));
  ctx.dirty = true;
}

/** Again when the first certificate that can be included arrives: the interval is the short one from then on. */
export function startTimeouts(ctx: Context): void {
  const { s } = ctx;
  s.timers.delete("t1");
  s.timers.delete("t2");
  if (s.config.params.instant && s.payload === "none") return;
  const { t1, t2 } = viewTimeouts(s);
  s.timers.set("t1", ctx.now + t1);
  s.timers.set("t2", ctx.now + t2);
}
