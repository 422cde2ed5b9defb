import type { Logger } from "../ports/logger.ts";
import type { Metrics } from "../ports/metrics.ts";

export const nullLogger: Logger = { log() {} };

export const nullMetrics: Metrics = {
  counter: () => () => {},
  total() {},
  gauge() {},
  histogram: () => () => {},
};

export type LogLine = { level: string; message: string; fields: Record<string, unknown> };

/** Keeps the lines, for tests that look at them. */
export function createRecordingLogger(): Logger & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  return { lines, log: (level, message, fields = {}) => void lines.push({ level, message, fields }) };
}
