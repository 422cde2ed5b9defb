/** What of a result is drawn, and how. Undefined where there is nothing to draw. */
import type { BenchResult } from "../result.ts";
import { type Bar, barChart } from "./charts/bars.ts";
import { lineChart } from "./charts/lines.ts";
import type { Summary } from "./summary.ts";

export const labelOf = ({ target, scenario, runs }: Summary, all: readonly Summary[]) => {
  const several = new Set(all.map((x) => x.scenario)).size > 1;
  const rate = runs[0]?.rate;
  return [target, several ? scenario : "", rate === undefined ? "" : `${rate}/s`].filter(Boolean).join(" ");
};

export function rateChart(all: readonly Summary[]): string | undefined {
  const bars = all.flatMap((x): Bar[] => {
    const rate = x.of((r) => r.tps);
    return rate === undefined
      ? []
      : [{ label: labelOf(x, all), parts: [{ name: "committed", value: rate.median }], range: [rate.low, rate.high] }];
  });
  return bars.length === 0 ? undefined : barChart("Committed transactions a second", "a second", bars);
}

/** Threads that cost less than a hundredth are together. */
export function costChart(all: readonly Summary[]): string | undefined {
  const bars = all.flatMap((x): Bar[] => {
    const run = [...x.runs].sort((a, b) => (a.coreMicros ?? 0) - (b.coreMicros ?? 0))[x.runs.length >> 1];
    if (run?.processes === undefined || run.coreMicros === undefined) return [];
    const parts = new Map<string, number>();
    for (const { threads } of run.processes)
      for (const { name, coreMicros } of threads) {
        const known = coreMicros * run.processes.length >= run.coreMicros / 100 ? name : "others";
        parts.set(known, (parts.get(known) ?? 0) + coreMicros);
      }
    return [{ label: labelOf(x, all), parts: [...parts].map(([name, value]) => ({ name, value })) }];
  });
  return bars.length === 0 ? undefined : barChart("Core-microseconds a transaction by thread", "core-µs", bars);
}

const PLACES = [
  [0, "p50"],
  [1, "p90"],
  [2, "p99"],
  [3, "p99.9"],
  [4, "most"],
] as const;

export function latencyChart(all: readonly Summary[]): string | undefined {
  const lines = all.flatMap((x) => {
    const of = (name: "p50" | "p90" | "p99" | "p999" | "max") => x.of((r) => r.includedMs?.[name])?.median;
    const values = [of("p50"), of("p90"), of("p99"), of("p999"), of("max")];
    return values.includes(undefined) ? [] : [{ name: labelOf(x, all), points: values.map((y, k) => [k, y as number] as const) }];
  });
  if (lines.length === 0) return undefined;
  return lineChart({
    title: "Send to included by percentile",
    x: "share of transactions",
    y: "ms",
    lines,
    places: PLACES,
    logarithmic: true,
  });
}

export function curveChart({ curve, knee }: BenchResult): string | undefined {
  if (curve === undefined) return undefined;
  const lines = [
    { name: "p50", points: curve.map((x) => [x.offered, x.p50] as const) },
    { name: "p99", points: curve.map((x) => [x.offered, x.p99] as const) },
  ];
  const mark = knee && { x: knee.offered, y: knee.p99, label: `knee: ${knee.offered.toFixed(0)}/s` };
  const places = [[0, "0"] as const, ...curve.map((x) => [x.offered, x.offered.toFixed(0)] as const)];
  return lineChart({
    title: "Latency by offered rate",
    x: "transactions offered a second",
    y: "ms",
    lines,
    places,
    mark,
    logarithmic: true,
  });
}

export function memoryChart(all: readonly Summary[]): string | undefined {
  const lines = all.flatMap((x) => {
    const longest = [...x.runs].sort((a, b) => b.seconds - a.seconds)[0];
    const samples = longest?.memory?.samples ?? [];
    return samples.length < 3 ? [] : [{ name: labelOf(x, all), points: samples.map(([at, bytes]) => [at, bytes / 1e6] as const) }];
  });
  return lines.length === 0 ? undefined : lineChart({ title: "Memory over time", x: "seconds", y: "MB", lines });
}
