/** Runs of one kind together: the median and the range of each quantity. */
import type { RunResult } from "../result.ts";
import { median } from "../stats/percentiles.ts";

export type Spread = { median: number; low: number; high: number };
export type Summary = {
  target: string;
  scenario: string;
  runs: RunResult[];
  of(quantity: (r: RunResult) => number | undefined): Spread | undefined;
};

/** In the order of each kind's first run. A rate that was asked for makes a kind of its own. */
export function summaries(runs: readonly RunResult[]): Summary[] {
  const groups = Map.groupBy(runs, (x) => `${x.target} ${x.scenario} ${x.rate ?? ""} ${x.batch} ${x.connections} ${x.transport}`);
  return [...groups.values()].map((some) => {
    const { target, scenario } = some[0] as RunResult;
    return { target, scenario, runs: some, of: (quantity) => spread(some.flatMap((x) => quantity(x) ?? [])) };
  });
}

function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/** `5,192 (4,800 to 5,300)`; the range only where there is one. */
export function spreadText(x: Spread | undefined, digits = 0): string {
  if (x === undefined) return "";
  const number = (value: number) => value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return x.low === x.high ? number(x.median) : `${number(x.median)} (${number(x.low)} to ${number(x.high)})`;
}
