/**
 * A log file that stays bounded. A full one is copied aside and emptied rather than renamed: whoever else appends to it, such as
 * a parent with the standard error of its child, goes on in the file that people read.
 */
import { copyFileSync, existsSync, fstatSync, ftruncateSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { fileError } from "../files/file-error.ts";
import { makeFolder } from "../files/make-folder.ts";

/** Days of an idle validator, hours of a busy one. */
const MAX_BYTES = 16 << 20;
/** Full ones that stay, as `<path>.1` (the newest) and so on. */
const KEPT = 3;

/** Appends; nothing is lost when the process is killed. Throws FILE_UNWRITABLE here, and never when a line is written. */
export function openLogFile(path: string, o: { maxBytes?: number; kept?: number } = {}): { write(line: string): void } {
  const { maxBytes = MAX_BYTES, kept = KEPT } = o;
  makeFolder(dirname(path));
  const fd = open(path);
  let size = fstatSync(fd).size;

  function rotate(): void {
    for (let i = kept - 1; i >= 1; i--) if (existsSync(`${path}.${i}`)) renameSync(`${path}.${i}`, `${path}.${i + 1}`);
    copyFileSync(path, `${path}.1`);
    ftruncateSync(fd);
  }

  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      try {
        if (size > 0 && size + bytes > maxBytes) {
          size = 0; // first: where the disk is full, it is tried again only after as many bytes
          rotate();
        }
        size += bytes;
        writeSync(fd, line);
      } catch {
        // A log that cannot be written must not end a validator; a store on the same disk will say what is wrong.
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
