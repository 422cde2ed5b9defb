import { closeSync, fsyncSync, openSync } from "node:fs";

/** A file's bytes, or the names in a folder, are on the disk when this returns. */
export function syncPath(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
