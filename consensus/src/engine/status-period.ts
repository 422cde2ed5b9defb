import { IDLE_STATUS_MS } from "./params.ts";
import type { State } from "./state.ts";

/** The first of a view comes when its proposal should have: until then there is nothing to repair. */
export function firstStatusAfter(s: State, now: number): number {
  const { deltaMs, intervalMs } = s.config.params;
  return Math.max(statusPeriod(s, now), intervalMs + deltaMs);
}

/** Every 3Δ in a view; every second while the view only waits for its idle interval. */
export function statusPeriod(s: State, now: number): number {
  const { deltaMs, intervalMs, idleIntervalMs, instant } = s.config.params;
  const waits = s.payload === "none" && (instant || idleIntervalMs > intervalMs);
  const t1 = s.timers.get("t1");
  const calm = waits && (instant || (t1 !== undefined && now < t1));
  return calm ? Math.max(IDLE_STATUS_MS, 3 * deltaMs) : 3 * deltaMs;
}
