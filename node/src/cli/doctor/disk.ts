/** The disk of a data directory: how long a durable write takes, measured as votes are written, and how much room there is. */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { atLeast, atMost, type Finding, judged } from "./finding.ts";

const WRITES = 32;
/** A vote's record and its frame fit many times. */
const WRITE_BYTES = 4096;
/** Of a median; a view has some Δ of 150 ms, and a vote waits for one of them or two. */
const [QUICK_MS, SLOW_MS] = [20, 100];
const GB = 1e9;

/** Milliseconds of each of the writes, ascending. Throws what the system throws. */
export function measureSyncs(folder: string, now: () => number = () => performance.now()): number[] {
  const path = join(folder, `.doctor-${process.pid}`);
  const fd = openSync(path, "wx", 0o600);
  try {
    const times = Array.from({ length: WRITES }, (_, i) => {
      const from = now();
      writeSync(fd, Buffer.alloc(WRITE_BYTES, i), 0, WRITE_BYTES, i * WRITE_BYTES);
      fdatasyncSync(fd);
      return now() - from;
    });
    return times.sort((a, b) => a - b);
  } finally {
    closeSync(fd);
    rmSync(path, { force: true });
  }
}

export function judgeSyncs(times: readonly number[]): Finding {
  const [median, longest] = [times[times.length >> 1] as number, times.at(-1) as number];
  const found = `fdatasync of ${WRITE_BYTES} bytes: ${median.toFixed(1)} ms in the middle, ${longest.toFixed(1)} ms at most, of ${times.length}`;
  return judged(
    "disk speed",
    atMost(median, QUICK_MS, SLOW_MS),
    found,
    "Put the data directory on a local SSD: every vote waits for such a write.",
  );
}

/** @param reserve bytes that blobs leave free */
export async function judgeSpace(folder: string, reserve: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const remedy = "Make room, or give it a larger disk; keepHeights lets blocks go, `noema db stats` says what takes the bytes.";
  return judged("disk space", atLeast(free, 5 * reserve, reserve), `${(free / GB).toFixed(1)} GB free below ${folder}`, remedy);
}
