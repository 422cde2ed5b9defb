/** What processes cost, from Linux's /proc, and what folders hold. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Kernel ticks a second on every Linux that Node supports. */
const TICKS = 100;

/** User and system seconds so far. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Proportional set size: pages shared between processes are counted once in a sum. */
export function memoryBytes(pid: number): number {
  const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return Number(match?.[1]) * 1024;
}

/** Resident set size, shared pages counted in full. */
export function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1]) * 1024;
}

/** Blocks allocated on disk below a folder, as `du` counts them. */
export function diskBytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).blocks * 512;
  }
  return bytes;
}
