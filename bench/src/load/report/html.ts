/** The report as one file that needs nothing else: charts, what they say, and what each figure means. */
import { describeMachine } from "../../machine.ts";
import type { BenchResult, RunResult } from "../result.ts";
import { median } from "../stats/percentiles.ts";
import { boundOf } from "./bound.ts";
import { escapeText, short } from "./charts/svg.ts";
import { CLAIMS } from "./claims.ts";
import { costChart, curveChart, labelOf, latencyChart, memoryChart, rateChart } from "./figures.ts";
import { GLOSSARY } from "./glossary.ts";
import { STYLE } from "./style.ts";
import { type Summary, summaries } from "./summary.ts";

export function html(result: BenchResult): string {
  const { command, machine, at, seed } = result;
  const all = summaries(result.runs);
  const few = result.curve === undefined ? all : all.slice(0, 1); // the curve says it of the others
  const sections = [
    tiles(result),
    section("Committed a second", rateChart(all), "More is better. A bar is the median of its runs, the line over it their range."),
    section("What a transaction costs", costChart(all), "Core-microseconds of all the target's processes, by thread; less is better."),
    section(
      "What bounds it",
      boundTable(all),
      "With cores to spare for all others, the busiest thread alone would be full at the rate in the last column.",
    ),
    section("How long it takes", latencyChart(few), "From the moment a transaction was due to the moment it was seen in a block."),
    section("Rate and latency", curveChart(result), "Up to the knee the chain keeps up with what it is offered."),
    section("Memory", memoryChart(few), "Of the target's processes, without mapped files."),
    runsTable(result.runs),
    several(result)
      ? section(
          "What others publish",
          claimsTable(),
          "Of finalized transactions a second, on machines and loads of their own: no comparison, an order of magnitude.",
        )
      : "",
    section("What the figures mean", `<dl>${GLOSSARY.map(([term, words]) => `<dt>${term}</dt><dd>${words}</dd>`).join("")}</dl>`),
  ];
  const head = `<h1>noema bench ${escapeText(command)}</h1><p class="quiet">${escapeText(describeMachine(machine))}<br>${escapeText(at)}, seed ${seed}</p>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>noema bench ${escapeText(command)}</title><style>${STYLE}</style><main>${head}${sections.join("\n")}</main></html>\n`;
}

function section(title: string, content: string | undefined, words?: string): string {
  if (content === undefined) return "";
  return `<section><h2>${title}</h2>${words === undefined ? "" : `<p class="quiet">${words}</p>`}${content}</section>`;
}

/** The ratios to the anchor, large: they are the claim, the rest explains it. */
function tiles({ ratios }: BenchResult): string {
  const beside = ratios.filter((x) => x.anchor !== "recovery");
  const shown = (beside.length > 0 ? beside : ratios).map(({ name, values }) => {
    const range = values.length > 1 ? `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}` : "one run";
    return `<div><b>${median(values).toFixed(2)}</b><span>${escapeText(name)}</span><small>${range}</small></div>`;
  });
  return shown.length === 0 ? "" : `<section class="tiles">${shown.join("")}</section>`;
}

function boundTable(all: readonly Summary[]): string | undefined {
  const rows = all.flatMap((summary) => {
    const bound = boundOf(summary.runs.at(-1) as RunResult);
    if (bound === undefined) return [];
    const numbers = [bound.cores.toFixed(1), `${(100 * bound.share).toFixed(0)} %`, `${short(bound.ceiling)}/s`].map(
      (x) => `<td class="n">${x}</td>`,
    );
    return [`<tr><td>${escapeText(labelOf(summary, all))}</td><td>${escapeText(bound.thread)}</td>${numbers.join("")}</tr>`];
  });
  const head = ["target", "busiest thread", "cores busy, all", "of one core", "full at"].map((x) => `<th>${x}</th>`);
  return rows.length === 0 ? undefined : `<table><tr>${head.join("")}</tr>${rows.join("")}</table>`;
}

function runsTable(runs: readonly RunResult[]): string {
  const n = (value: number | undefined, digits = 0) =>
    value === undefined ? "–" : value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const rows = runs.map((r) =>
    [
      r.target,
      r.scenario,
      r.rate === undefined ? "open" : n(r.rate),
      n(r.included),
      n(r.tps),
      n(r.tpsOverall),
      n(r.coreMicros),
      n(r.recoveryMicros),
      n(r.answerMs?.p50, 1),
      n(r.includedMs?.p50, 1),
      n(r.includedMs?.p99),
      n(r.includedMs?.p999),
      n(r.syncsPerTransaction, 2),
      n(r.diskBytesPerTransaction),
    ].map((cell, k) => `<td${k > 1 ? ' class="n"' : ""}>${escapeText(cell)}</td>`),
  );
  const head = [
    "target",
    "scenario",
    "asked/s",
    "included",
    "committed/s",
    "with the drain",
    "core-µs",
    "recovery µs",
    "answer p50",
    "included p50",
    "p99",
    "p99.9",
    "syncs",
    "disk bytes",
  ];
  const table = `<table><tr>${head.map((x) => `<th>${x}</th>`).join("")}</tr>${rows.map((x) => `<tr>${x.join("")}</tr>`).join("")}</table>`;
  return section("Every run", `<div class="scroll">${table}</div>`, "In their order; milliseconds from the time each transaction was due.");
}

const several = ({ runs }: BenchResult) => runs.some((x) => x.validators > 1);

function claimsTable(): string {
  const rows = CLAIMS.map(
    ({ network, validators, rate, load, source }) =>
      `<tr><td>${network}</td><td>${validators}</td><td>${rate}</td><td class="wrap">${load}</td><td><a href="${source}">source</a></td></tr>`,
  );
  return `<table><tr><th>network</th><th>validators</th><th>a second</th><th>load</th><th></th></tr>${rows.join("")}</table>`;
}
