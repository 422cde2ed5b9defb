/** What a process and its folder hold and have written, looked at again and again, and how fast each grows. */
import { readdirSync, readFileSync } from "node:fs";
import { fitSlope, partMeans, type Slope } from "../load/stats/slope.ts";
import { diskBytes, residentBytes } from "../usage.ts";

export const QUANTITIES = ["memory", "open files", "written", "disk"] as const;
export type Quantity = (typeof QUANTITIES)[number];
export type Sample = { atMs: number } & Record<Quantity, number>;

/** Neighbours resemble each other: of so many means the interval of a slope is made. */
const PARTS = 12;
const HOUR_MS = 3_600_000;

/** Throws when the process is gone. */
export function sampleOf(pid: number, folder: string): Sample {
  const written = /^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1];
  return {
    atMs: performance.now(),
    memory: residentBytes(pid),
    "open files": readdirSync(`/proc/${pid}/fd`).length,
    written: Number(written),
    disk: diskBytes(folder),
  };
}

/** An hour's growth, with its 95 % interval; undefined of too few samples. */
export function growthOf(samples: readonly Sample[], quantity: Quantity): Slope | undefined {
  if (samples.length < 2 * PARTS) return undefined;
  return fitSlope(partMeans(samples.map((x) => [x.atMs / HOUR_MS, x[quantity]] as const), PARTS)); // biome-ignore format: one line
}
