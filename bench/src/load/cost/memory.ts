/** Memory of processes over time. */
import { readFileSync } from "node:fs";
import type { MemoryResult } from "../result.ts";
import { fitSlope, partMeans } from "../stats/slope.ts";

const EVERY_MS = 1000;
/** Of the samples, for the interval of the slope. */
const PARTS = 12;

/** Proportional set size without file mappings: code and the stores' mapped pages belong to the page cache. */
function ownBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
  return of("Pss_Anon") + of("Pss_Shmem");
}

/** Samples until the result is called. The first `settle` seconds do not count for the slope. */
export function watchMemory(pids: readonly number[], settle: number): () => MemoryResult | undefined {
  const samples: [number, number][] = [];
  const started = performance.now();
  const sample = () => {
    try {
      const bytes = pids.reduce((sum, pid) => sum + ownBytes(pid), 0);
      samples.push([(performance.now() - started) / 1000, bytes]);
    } catch {
      // no /proc, or a process that has ended, which the run tells of
    }
  };
  sample();
  const timer = setInterval(sample, EVERY_MS);
  return () => {
    clearInterval(timer);
    sample();
    if (pids.length === 0 || samples.length === 0) return undefined;
    const settled = samples.filter(([at]) => at >= settle);
    const fit = settled.length < 2 * PARTS ? undefined : fitSlope(partMeans(settled, PARTS));
    if (fit === undefined) return { samples };
    return { samples, slope: { bytesPerMinute: fit.slope * 60, low: fit.low * 60, high: fit.high * 60 } };
  };
}
