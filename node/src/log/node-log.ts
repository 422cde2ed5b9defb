import type { Logger } from "@noema/core/ports/logger";
import type { NodeConfig } from "../config.ts";
import { openLogFile } from "./log-file.ts";
import { createLogger, type Destination } from "./logger.ts";
import { readableStream } from "./readable.ts";
import { openStdout } from "./stdout.ts";

export type NodeLog = Logger & {
  /** After its file was moved away. */
  reopen(): void;
};

/** Lines go to the configured file, to a terminal where a person sits there, and to standard output where there is neither. Throws FILE_UNWRITABLE. */
export function openNodeLog({ logLevel, logFile }: Pick<NodeConfig, "logLevel" | "logFile">): NodeLog {
  const file = logFile === undefined ? undefined : openLogFile(logFile);
  const destinations: Destination[] = file === undefined ? [] : [file];
  if (process.stdout.isTTY) destinations.push(readableStream(process.stdout));
  if (destinations.length === 0) destinations.push(openStdout());
  const logger = createLogger({
    level: logLevel,
    destination: {
      write(line) {
        for (const destination of destinations) destination.write(line);
      },
    },
  });
  return { ...logger, reopen: () => file?.reopen() };
}
