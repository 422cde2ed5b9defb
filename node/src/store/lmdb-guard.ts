/** What must hold before LMDB maps a file: of one that no process has open all of it, beside one that writes what its meta pages say. */
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync } from "node:fs";
import { storeError } from "./errors.ts";
import { type Meta, readMetas } from "./lmdb-meta.ts";
import { checkLmdbPages } from "./lmdb-pages.ts";
import { isWhole, SUMMED } from "./row-sum.ts";

/** Of so small a file any part may be free. */
const SMALL_PAGES = 1024;
/** Read at each start, in a quarter of a second. */
const CHECKED_BYTES = 64 << 20;

/** `checkedBytes`: up to this size it is read whole. Throws STORE_CORRUPT. A new or empty file is LMDB's to fill. */
export function guardLmdbFile(path: string, checkedBytes = CHECKED_BYTES): void {
  withFile(path, "r+", (fd, size) => {
    const whole = wholeSize(path, size, readMetas(path, fd).both);
    if (size < whole) ftruncateSync(fd, whole); // what was cut off reads as zeros then, and not as SIGBUS
    if (size <= checkedBytes) checkLmdbPages(path, (tables) => (tables.includes(SUMMED) ? isWhole : () => true));
  });
}

/** Of a file that another process may be writing. Throws STORE_CORRUPT. */
export function guardSharedLmdbFile(path: string): void {
  withFile(path, "r", (fd, size) => wholeSize(path, size, readMetas(path, fd).both));
}

function withFile(path: string, flags: "r" | "r+", f: (fd: number, size: number) => void): void {
  if (!existsSync(path)) return;
  const fd = openSync(path, flags);
  try {
    const { size } = fstatSync(fd);
    if (size > 0) f(fd, size);
  } finally {
    closeSync(fd);
  }
}

/** Bytes up to the last page. Fewer may be there: free pages at the end need not. Throws STORE_CORRUPT where far too few are. */
function wholeSize(path: string, size: number, both: readonly [Meta, Meta]): number {
  const pages = Math.max(...both.map(({ last }) => last + 1));
  const whole = pages * both[0].pageSize;
  if (pages > SMALL_PAGES && size * 4 < whole * 3)
    throw storeError("STORE_CORRUPT", `${path}: ${size} of ${whole} bytes are there`, { path });
  return whole;
}
