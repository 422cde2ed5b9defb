/** Two results, by their ratios to the anchor. */
import { median } from "./percentiles.ts";
import type { Ratio } from "./ratios.ts";

export type Comparison = {
  name: string;
  before: number;
  after: number;
  /** Of `before`, by which the median may be worse: half the range of each result's runs, at least 5 %. */
  tolerance: number;
  verdict: "same" | "better" | "worse";
};

/** Less than this is noise even where few runs agree with each other. */
const LEAST_TOLERANCE = 0.05;

export function compareRatios(before: readonly Ratio[], after: readonly Ratio[]): Comparison[] {
  return before.flatMap((old) => {
    const now = after.find((x) => x.name === old.name);
    return now === undefined || old.values.length === 0 || now.values.length === 0 ? [] : [compare(old, now)];
  });
}

function compare(old: Ratio, now: Ratio): Comparison {
  const [before, after] = [median(old.values), median(now.values)];
  const tolerance = Math.max(LEAST_TOLERANCE, halfRange(old.values) / before + halfRange(now.values) / before);
  const gain = (old.better === "higher" ? after - before : before - after) / before;
  const verdict = gain < -tolerance ? "worse" : gain > tolerance ? "better" : "same";
  return { name: old.name, before, after, tolerance, verdict };
}

function halfRange(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / 2;
}
