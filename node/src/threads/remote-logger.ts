/** A worker's log lines go through the main thread's logger. */
import type { MessagePort } from "node:worker_threads";
import type { Logger, LogLevel } from "@noema/core/ports/logger";

type Line = { level: LogLevel; message: string; fields?: Record<string, unknown> };

/** The worker's end. */
export function remoteLogger(port: MessagePort): Logger {
  port.unref();
  return { log: (level, message, fields) => port.postMessage({ level, message, fields } satisfies Line) };
}

/** The main thread's end. */
export function relayLogs(port: MessagePort, logger: Logger, thread: string): void {
  port.on("message", ({ level, message, fields }: Line) => logger.log(level, message, { thread, ...fields }));
  port.unref();
}
