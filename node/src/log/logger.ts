/** core's Logger on pino: one JSON object a line. */
import type { Logger, LogLevel } from "@noema/core/ports/logger";
import pino from "pino";
import { redact } from "./redact.ts";

export type Destination = { write(line: string): void };

export type LogOptions = {
  level: LogLevel | "silent";
  destination: Destination;
  /** Fields of every line, such as the validator's index. */
  base?: Record<string, unknown>;
};

export function createLogger(o: LogOptions): Logger {
  const options = {
    level: o.level,
    base: o.base ?? null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const sink = pino(options, o.destination);
  return {
    log(level, message, fields) {
      if (!sink.isLevelEnabled(level)) return;
      sink[level](fields === undefined ? {} : (redact(fields) as object), message);
    },
  };
}
