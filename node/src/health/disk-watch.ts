/** A disk that is slow: writes that take longer than a view does. */
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Room } from "../store/room.ts";

const LOOK_MS = 1000;
const SLOW_MS = 1000;
/** A line a minute while it lasts. */
const SILENT_MS = 60_000;

/** Returns how to end it. */
export function watchDisk(room: Pick<Room, "slowestMs">, clock: Clock, logger: Logger): () => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  let cancel = clock.after(LOOK_MS, look);
  function look(): void {
    const slowest = Math.round(room.slowestMs());
    if (slowest > SLOW_MS && clock.nowMs() - toldMs > SILENT_MS) {
      toldMs = clock.nowMs();
      logger.log("warn", "the disk is slow: a write waits for it, and a vote with it", { ms: slowest });
    }
    cancel = clock.after(LOOK_MS, look);
  }
  return () => cancel();
}
