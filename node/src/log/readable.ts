/** Lines of pino as a person reads them: time, level, message, then fields as key=value. */
import type { Destination } from "./logger.ts";

const SKIPPED = new Set(["level", "time", "msg"]);

function shown(value: unknown): string {
  return typeof value === "string" && !/[\s"=]/.test(value) ? value : JSON.stringify(value);
}

function formatLine(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown>;
  const fields = Object.entries(line).filter(([key]) => !SKIPPED.has(key));
  const time = String(line.time).slice(11, 23);
  return [time, String(line.level).toUpperCase().padEnd(5), line.msg, ...fields.map(([key, value]) => `${key}=${shown(value)}`)].join(" ");
}

export function readableStream(target: Destination): Destination {
  return { write: (json) => target.write(`${formatLine(json)}\n`) };
}
