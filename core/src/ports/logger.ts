export type LogLevel = "debug" | "info" | "warn" | "error";

/** A constant message and its fields. Keys and secrets never reach it. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: Record<string, unknown>): void;
}
