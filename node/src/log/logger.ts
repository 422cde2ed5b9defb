/** core's Logger on pino: one JSON object a line, or one readable line where a person watches. */
import type { Logger, LogLevel } from "@noema/core/ports/logger";
import pino from "pino";
import { readableStream } from "./readable.ts";
import { redact } from "./redact.ts";

export type LogOptions = {
  level: LogLevel | "silent";
  /** json for machines (default), text for people. */
  format?: "json" | "text";
  /** Default standard output; tests give their own. */
  destination?: { write(line: string): void };
  /** Fields of every line, such as the validator's index. */
  base?: Record<string, unknown>;
};

export function createLogger(o: LogOptions): Logger {
  const target = o.destination ?? pino.destination({ dest: 1, sync: true }); // sync: the last lines before a crash are the ones wanted
  const options = {
    level: o.level,
    base: o.base ?? null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const sink = pino(options, o.format === "text" ? readableStream(target) : target);
  return {
    log(level, message, fields) {
      if (!sink.isLevelEnabled(level)) return;
      sink[level](fields === undefined ? {} : (redact(fields) as object), message);
    },
  };
}
