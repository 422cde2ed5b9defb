/** What must hold before LMDB maps a file. */
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync } from "node:fs";
import { storeError } from "./errors.ts";
import { readMetas } from "./lmdb-meta.ts";
import { checkLmdbPages } from "./lmdb-pages.ts";
import { isWhole, SUMMED } from "./row-sum.ts";

/** Of so small a file any part may be free. */
const SMALL_PAGES = 1024;
/** Read at each start, in half a second. */
const CHECKED_BYTES = 64 << 20;

/** `suspect`: it is read whole, however large. Throws STORE_CORRUPT. A new or empty file is LMDB's to fill. */
export function guardLmdbFile(path: string, suspect = false): void {
  if (!existsSync(path)) return;
  const fd = openSync(path, "r+");
  try {
    const { size } = fstatSync(fd);
    if (size === 0) return;
    const { both } = readMetas(path, fd);
    const pages = Math.max(...both.map(({ last }) => last + 1));
    const whole = pages * both[0].pageSize;
    if (pages > SMALL_PAGES && size * 4 < whole * 3)
      throw storeError("STORE_CORRUPT", `${path}: ${size} of ${whole} bytes are there`, { path });
    // fewer may be right: free pages at the end need not be there; what was cut off reads as zeros then, and not as SIGBUS
    if (size < whole) ftruncateSync(fd, whole);
    if (suspect || size <= CHECKED_BYTES) checkLmdbPages(path, (tables) => (tables.includes(SUMMED) ? isWhole : () => true));
  } finally {
    closeSync(fd);
  }
}
