/** The report as Markdown, which is what a terminal shows too. */
import { describeMachine } from "../../machine.ts";
import type { BenchResult, RunResult } from "../result.ts";
import { median } from "../stats/percentiles.ts";
import { boundOf, boundText } from "./bound.ts";
import { type Summary, spreadText, summaries } from "./summary.ts";
import { mbText, slopeText } from "./words.ts";

export function markdown(result: BenchResult): string {
  const { machine, at, seed, command, runs, ratios, curve, knee } = result;
  const head = [`# bench ${command}`, "", `${describeMachine(machine)}; ${at}; seed ${seed}`, ""];
  return [...head, table(summaries(runs)), "", ...bounds(summaries(runs)), ...ratioTable(ratios), ...curveTable(curve, knee)].join("\n");
}

type Column = [title: string, of: (x: Summary) => string];

const COLUMNS: readonly Column[] = [
  ["target", (x) => x.target],
  ["load", (x) => loadText(x)],
  ["runs", (x) => String(x.runs.length)],
  ["committed/s", (x) => spreadText(x.of((r) => r.tps))],
  ["core-µs a transaction", (x) => spreadText(x.of((r) => r.coreMicros))],
  [
    "in recoveries",
    (x) =>
      spreadText(
        x.of((r) => r.coreMicros && r.coreMicros / r.recoveryMicros),
        1,
      ),
  ],
  ["send to answer, p50 / p99 ms", (x) => pair(x, "answerMs")],
  ["send to included, p50 / p99 ms", (x) => pair(x, "includedMs")],
  ["send to finalized, p50 / p99 ms", (x) => pair(x, "finalizedMs")],
  [
    "syncs",
    (x) =>
      spreadText(
        x.of((r) => r.syncsPerTransaction),
        2,
      ),
  ],
  [
    "certificates",
    (x) =>
      spreadText(
        x.of((r) => r.certificatesPerTransaction),
        3,
      ),
  ],
  ["disk bytes", (x) => spreadText(x.of((r) => r.diskBytesPerTransaction))],
  ["memory at the end", (x) => mbText(x.runs.at(-1) as RunResult)],
  ["its slope", (x) => slopeOf(x)],
  [
    "cores of others",
    (x) =>
      spreadText(
        x.of((r) => r.otherCores),
        1,
      ),
  ],
  ["generator core-µs", (x) => spreadText(x.of((r) => r.generatorCoreMicros))],
];

/** Columns that nothing has are left out. */
function table(rows: readonly Summary[]): string {
  const columns = COLUMNS.filter(([, of]) => rows.some((row) => of(row) !== ""));
  return lines([columns.map(([title]) => title), ...rows.map((row) => columns.map(([, of]) => of(row)))]);
}

function lines([head = [], ...rows]: string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function loadText({ runs, scenario }: Summary): string {
  const run = runs[0];
  if (run === undefined) return scenario;
  return `${scenario}${run.rate === undefined ? "" : ` at ${run.rate}/s`}, ${run.batch} a request, ${run.connections} ${run.transport}`;
}

function pair(x: Summary, name: "answerMs" | "includedMs" | "finalizedMs"): string {
  const [p50, p99] = [x.of((r) => r[name]?.p50), x.of((r) => r[name]?.p99)];
  return p50 === undefined || p99 === undefined ? "" : `${p50.median.toFixed(p50.median < 10 ? 1 : 0)} / ${p99.median.toFixed(0)}`;
}

function slopeOf({ runs }: Summary): string {
  const slope = runs.findLast((x) => x.memory?.slope !== undefined)?.memory?.slope;
  return slope === undefined ? "" : slopeText(slope);
}

function bounds(all: readonly Summary[]): string[] {
  const found = all.flatMap((x) => {
    const bound = boundOf(x.runs.at(-1) as RunResult);
    return bound === undefined ? [] : [`* ${x.target}, ${loadText(x)}: ${boundText(bound)}`];
  });
  return found.length === 0 ? [] : ["## What bounds it", "", ...found, ""];
}

function ratioTable(ratios: BenchResult["ratios"]): string[] {
  if (ratios.length === 0) return [];
  const rows = ratios.map(({ name, values, better }) => [
    name,
    median(values).toFixed(2),
    values.map((x) => x.toFixed(2)).join(", "),
    `${better} is better`,
  ]);
  return ["## Ratios to the anchor beside it", "", lines([["ratio", "median", "runs", ""], ...rows]), ""];
}

function curveTable(curve: BenchResult["curve"], knee: BenchResult["knee"]): string[] {
  if (curve === undefined) return [];
  const rows = curve.map((x) => [x.offered, x.committed, x.p50, x.p99].map((value) => value.toFixed(0)).concat(x === knee ? "knee" : ""));
  const verdict =
    knee === undefined ? "No rate of these was kept up with." : `Knee: ${knee.offered.toFixed(0)}/s, p99 ${knee.p99.toFixed(0)} ms.`;
  return ["## Rate and latency", "", lines([["offered/s", "committed/s", "p50 ms", "p99 ms", ""], ...rows]), "", verdict, ""];
}
