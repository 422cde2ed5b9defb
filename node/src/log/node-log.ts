import type { Logger } from "@noema/core/ports/logger";
import pino from "pino";
import type { NodeConfig } from "../config.ts";
import { openLogFile } from "./log-file.ts";
import { createLogger, type Destination } from "./logger.ts";
import { readableStream } from "./readable.ts";

/** Lines go to the configured file, to a terminal where a person sits there, and to standard output where there is neither. Throws FILE_UNWRITABLE. */
export function openNodeLog({ logLevel, logFile }: Pick<NodeConfig, "logLevel" | "logFile">): Logger {
  const destinations: Destination[] = [];
  if (logFile !== undefined) destinations.push(openLogFile(logFile));
  if (process.stdout.isTTY) destinations.push(readableStream(process.stdout));
  if (destinations.length === 0) destinations.push(pino.destination({ dest: 1, sync: true })); // sync: the last lines before a crash are the ones wanted
  return createLogger({
    level: logLevel,
    destination: {
      write(line) {
        for (const destination of destinations) destination.write(line);
      },
    },
  });
}
