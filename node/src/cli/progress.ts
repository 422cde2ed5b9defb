/** Words while something takes long, so that nobody waits in silence: on a terminal one line that changes, elsewhere a line every 2 s, and none for what is quick. */
import type { Clock } from "@noema/core/ports/clock";
import { systemClock } from "../clock.ts";

const TERMINAL_MS = 1000;
const FILE_MS = 2000;
const CLEAR_LINE = "\r\x1b[2K";

export type Output = { write(text: string): unknown; isTTY?: boolean; columns?: number };

export type Progress = {
  /** A line that stays, also while something is under way. */
  say(line: string): void;
  /** Shows what `describe` says of the seconds so far until the work is done, and gives its outcome. One at a time. */
  during<T>(describe: (seconds: number) => string, work: Promise<T>): Promise<T>;
};

export function createProgress(out: Output = process.stdout, clock: Clock = systemClock): Progress {
  let shown = "";
  const clear = () => {
    if (shown !== "") out.write(CLEAR_LINE);
  };
  const show = (text: string) => {
    if (!out.isTTY) return void out.write(`${text}\n`);
    shown = text.slice(0, (out.columns ?? 80) - 1); // a line that wraps could not be taken back
    out.write(`${CLEAR_LINE}${shown}`);
  };
  return {
    say(line) {
      clear();
      out.write(`${line}\n${shown}`);
    },
    async during(describe, work) {
      const started = clock.nowMs();
      let cancel = () => {};
      const next = () => {
        cancel = clock.after(out.isTTY ? TERMINAL_MS : FILE_MS, tick);
      };
      const tick = () => {
        show(describe(Math.round((clock.nowMs() - started) / 1000)));
        next();
      };
      if (out.isTTY) tick();
      else next();
      try {
        return await work;
      } finally {
        cancel();
        clear();
        shown = "";
      }
    },
  };
}
