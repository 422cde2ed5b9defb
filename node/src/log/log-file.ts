/**
 * A log file that stays bounded. A full one is copied aside and emptied rather than renamed: whoever else appends to it, such as
 * a parent with the standard error of its child, goes on in the file that people read.
 */
import { closeSync, copyFileSync, existsSync, fstatSync, ftruncateSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { fileError } from "../files/file-error.ts";
import { makeFolder } from "../files/make-folder.ts";
import { countDrops } from "./dropping.ts";
import type { Destination } from "./logger.ts";

/** Days of an idle validator, hours of a busy one. */
const MAX_BYTES = 16 << 20;
/** Full ones that stay, as `<path>.1` (the newest) and so on. */
const KEPT = 3;

export type LogFile = Destination & {
  /** Goes on in a new file where the old one was moved away. */
  reopen(): void;
};

/**
 * Appends; nothing is lost when the process is killed, and a line that the disk does not take is dropped and counted. Throws FILE_UNWRITABLE
 * here, and never later.
 */
export function openLogFile(path: string, o: { maxBytes?: number; kept?: number } = {}): LogFile {
  const { maxBytes = MAX_BYTES, kept = KEPT } = o;
  makeFolder(dirname(path));
  let fd = open(path);
  let size = fstatSync(fd).size;

  function rotate(): void {
    for (let i = kept - 1; i >= 1; i--) if (existsSync(`${path}.${i}`)) renameSync(`${path}.${i}`, `${path}.${i + 1}`);
    copyFileSync(path, `${path}.1`);
    ftruncateSync(fd);
  }

  /** A store on the same disk will say what is wrong with it. */
  function take(line: string): boolean {
    const bytes = Buffer.byteLength(line);
    try {
      if (size > 0 && size + bytes > maxBytes) {
        size = 0; // first: where the disk is full, it is tried again only after as many bytes
        rotate();
      }
      size += bytes;
      return writeSync(fd, line) === bytes;
    } catch {
      return false;
    }
  }

  return {
    ...countDrops(take),
    reopen() {
      const old = fd;
      try {
        fd = open(path);
        size = fstatSync(fd).size;
        closeSync(old);
      } catch {
        fd = old; // better the file that was moved than none
      }
    },
  };
}

function open(path: string): number {
  try {
    return openSync(path, "a");
  } catch (error) {
    throw fileError("FILE_UNWRITABLE", path, error);
  }
}
