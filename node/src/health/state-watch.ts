/** What /readyz says, in the log: a line when the node stands, of why, a line when the cause is another, and one when it goes on. */
import type { Clock } from "@noema/core/ports/clock";
import type { Logger, LogLevel } from "@noema/core/ports/logger";

/** `cause`: why it is not synced, in words. */
export type State = { state: "synced" | "syncing" | "halted"; cause?: string };

/** A line follows within so much of what it tells, and /readyz says it at once. */
const LOOK_MS = 1000;

/** Returns how to end it. */
export function watchState(status: () => State, clock: Clock, logger: Logger): () => void {
  let told: State & { sinceMs: number } = { state: "synced", sinceMs: clock.nowMs() };
  let cancel = () => {};

  function tell(now: State): void {
    const seconds = Math.round((clock.nowMs() - told.sinceMs) / 1000);
    if (now.state === "halted") logger.log(levelOf(now), "no block can become final here", { cause: now.cause });
    else logger.log("info", now.state === "synced" ? "goes on" : "catches up", { after: seconds, was: told.cause ?? told.state });
  }

  function look(): void {
    const now = status();
    if (now.state !== told.state || kindOf(now) !== kindOf(told)) {
      tell(now);
      told = { ...now, sinceMs: clock.nowMs() };
    }
    cancel = clock.after(LOOK_MS, look);
  }
  look();
  return () => cancel();
}

/** Numbers of one cause grow as it lasts; what stands before the first space or colon of a cause and its words do not. */
const kindOf = ({ cause = "" }: State) => cause.replace(/[0-9]+/g, "#");

/** At a start, all look for each other. */
const levelOf = ({ cause = "" }: State): LogLevel => (cause.startsWith("connecting") ? "info" : "error");
