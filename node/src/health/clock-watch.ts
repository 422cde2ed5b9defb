/**
 * Whether this machine's clock is right: by what others' clocks said when they connected, and by whether it goes as fast as time does.
 * A second or two are no news: a Hello has whole seconds, and has travelled.
 */
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";

const TOLERATED_MS = 3000;
const LOOK_MS = 1000;

export type ClockWatch = {
  /** `aheadMs`: of the validator's clock, when it said Hello. */
  heard(validator: string, aheadMs: number): void;
  /** By how much this machine's clock is ahead of the median of those heard; undefined: none was. */
  offsetMs(): number | undefined;
  stop(): void;
};

/** @param elapsedMs of a clock that nobody sets */
export function watchClock(clock: Clock, logger: Logger, elapsedMs = () => performance.now()): ClockWatch {
  const ahead = new Map<string, number>();
  let told = "";
  let last = { wall: clock.nowMs(), elapsed: elapsedMs() };
  let cancel = clock.after(LOOK_MS, look);

  function look(): void {
    const now = { wall: clock.nowMs(), elapsed: elapsedMs() };
    const setMs = Math.round(now.wall - last.wall - (now.elapsed - last.elapsed));
    if (Math.abs(setMs) > TOLERATED_MS) {
      logger.log("warn", "the clock of this machine was set", { byMs: setMs, see: "docs/operate/clock.md" });
      for (const [validator, ms] of ahead) ahead.set(validator, ms - setMs);
      judge();
    }
    last = now;
    cancel = clock.after(LOOK_MS, look);
  }

  /** More than half of those heard say the same of one clock: it is this one. */
  function judge(): void {
    const off = [...ahead].filter(([, ms]) => Math.abs(ms) > TOLERATED_MS);
    const [early, late] = [off.filter(([, ms]) => ms < 0), off.filter(([, ms]) => ms > 0)];
    const most = early.length > late.length ? early : late;
    const isOwn = most.length * 2 > ahead.size && most.length > 1;
    const words = off.length === 0 ? "" : isOwn ? "own" : off.map(([validator]) => validator).join();
    if (words === told) return;
    told = words;
    const clocks = Object.fromEntries(off);
    if (off.length === 0) logger.log("info", "the clocks of validators agree again");
    else if (isOwn)
      logger.log("warn", "the clock of this machine is wrong: most validators' differ from it", {
        aheadMs: clocks,
        see: "docs/operate/clock.md",
      });
    else logger.log("warn", "the clocks of validators differ from this machine's", { aheadMs: clocks, see: "docs/operate/clock.md" });
  }

  return {
    heard(validator, aheadMs) {
      ahead.set(validator, aheadMs);
      judge();
    },
    offsetMs() {
      const sorted = [...ahead.values()].sort((a, b) => a - b);
      const median = sorted[sorted.length >> 1];
      return median === undefined ? undefined : 0 - median;
    },
    stop: () => cancel(),
  };
}
