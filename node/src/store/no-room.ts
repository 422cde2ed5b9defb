/** Which failures of a write mean that it may be tried again once somebody has made room. */
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The disk, the owner's share of it, the size that this process may give a file (`ulimit -f`), and what a store made of these. */
const CODES = new Set(["ENOSPC", "EDQUOT", "EFBIG", "DISK_FULL"]);
/** What a library's write that came to an end half-way would have needed next. */
const PROBE_BYTES = 64 << 10;

export function isNoRoom(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (CODES.has((at as NodeJS.ErrnoException).code ?? "")) return true;
  return false;
}

/** Whether a write fails for want of room now: for libraries that call a full disk an input/output error. */
export function lacksRoom(folder: string): boolean {
  const path = join(folder, `.probe-${process.pid}-${process.hrtime.bigint()}`);
  try {
    const fd = openSync(path, "wx", 0o600);
    try {
      if (writeSync(fd, new Uint8Array(PROBE_BYTES)) < PROBE_BYTES) return true;
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    return false;
  } catch (error) {
    return isNoRoom(error);
  } finally {
    rmSync(path, { force: true });
  }
}

/** Bytes that this process may still write to the file system of `folder`; without a bound where that is not told. */
export function bytesFree(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
