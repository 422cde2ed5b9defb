/** Percentiles of samples in milliseconds, by the nearest rank: the smallest sample that at least p % do not exceed. */
export type Percentiles = { count: number; p50: number; p90: number; p99: number; p999: number; max: number };

export function percentile(sorted: ArrayLike<number>, p: number): number {
  const rank = Math.ceil((p / 100) * sorted.length - 1e-9);
  return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)] as number;
}

/** NaN samples have not happened and do not count; undefined where none did. */
export function percentiles(samples: Iterable<number>): Percentiles | undefined {
  const sorted = Float64Array.from([...samples].filter((x) => !Number.isNaN(x))).sort();
  if (sorted.length === 0) return undefined;
  const at = (p: number) => percentile(sorted, p);
  return { count: sorted.length, p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: sorted.at(-1) as number };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
