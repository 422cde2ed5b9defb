/**
 * Standard output for log lines. Node writes to a pipe and waits for its reader; a reader that stalls would hold up votes. Here a pipe has a
 * bounded buffer of its own, and what goes to a file, where the disk may be full, is written at once or not.
 */
import { fstatSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { countDrops } from "./dropping.ts";
import type { Destination } from "./logger.ts";

/** Some thousand lines. */
const MAX_BUFFERED_BYTES = 1 << 20;

export function openStdout(fd = 1, maxBuffered = MAX_BUFFERED_BYTES): Destination {
  const kind = fstatSync(fd);
  return countDrops(kind.isFIFO() || kind.isSocket() ? toPipe(fd, maxBuffered) : toFile(fd));
}

function toPipe(fd: number, maxBuffered: number): (line: string) => boolean {
  const pipe = new Socket({ fd, readable: false, writable: true });
  pipe.on("error", () => {}); // its reader has gone: from now on every line is dropped
  pipe.unref();
  return (line) => {
    if (pipe.destroyed || pipe.writableLength + line.length > maxBuffered) return false;
    pipe.write(line);
    return true;
  };
}

function toFile(fd: number): (line: string) => boolean {
  return (line) => {
    try {
      return writeSync(fd, line) > 0;
    } catch {
      return false;
    }
  };
}
