/** A log is never waited for: a line that finds no room is dropped and counted, and the count is told before the next line that finds some. */
import type { Destination } from "./logger.ts";

/** `take`: whether the line found room. It does not throw, and does not wait. */
export function countDrops(take: (line: string) => boolean, now: () => number = Date.now): Destination {
  let dropped = 0;
  const told = () => {
    const line = {
      level: "warn",
      time: new Date(now()).toISOString(),
      lines: dropped,
      msg: "log lines were dropped: there was no room for them",
    };
    return take(`${JSON.stringify(line)}\n`);
  };
  return {
    write(line) {
      if (dropped > 0 && told()) dropped = 0;
      if (dropped > 0 || !take(line)) dropped++;
    },
  };
}
