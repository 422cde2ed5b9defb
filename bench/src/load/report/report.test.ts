import { describe, expect, it } from "vitest";
import type { RunResult } from "../result.ts";
import { boundOf, boundText } from "./bound.ts";
import { ticks } from "./charts/svg.ts";
import { csv } from "./csv.ts";
import { html } from "./html.ts";
import { markdown } from "./markdown.ts";
import { spreadText, summaries } from "./summary.ts";

const p = { count: 9, p50: 4, p90: 8, p99: 9, p999: 9, max: 9 };
const run = (target: string, tps: number, more: Partial<RunResult> = {}): RunResult => ({
  ...{ target, validators: 1, scenario: "transfers", transport: "http", batch: 50, connections: 4, senders: 200, window: 1 },
  ...{ sent: 1000, included: 1000, refused: {}, refusals: {}, seconds: 2, tps, tpsOverall: tps, tpsPeak: tps, includedMs: p },
  ...{
    blocks: { count: 2, medianTransactions: 500, maxTransactions: 500 },
    generatorCoreMicros: 10,
    recoveryMicros: 50,
    receiptsChecked: 9,
  },
  ...more,
});
const threads = [
  { name: "v8", coreMicros: 300 },
  { name: "main", coreMicros: 200 },
];
const noema = run("noema-<1>", 600, { coreMicros: 500, processes: [{ name: "validator 0", coreMicros: 500, threads }] });
const machine = { cores: 2, cpu: "a CPU", memoryGiB: 4, platform: "linux-x64", node: "24", commit: "abc" };
const result = { format: "noema-bench/1", command: "quick", machine, at: "now", seed: 1, ratios: [] } as const;

describe("the report", () => {
  it("has the median and the range of each kind of run, and what was not told is left out", () => {
    const text = markdown({ ...result, ratios: [], runs: [run("anvil", 100), noema, run("anvil", 300)] });
    expect(text).toContain("| anvil | transfers, 50 a request, 4 http | 2 | 200 (100 to 300) |");
    expect(text).not.toMatch(/syncs|disk|undefined|NaN/);
    expect(summaries([run("a", 1), run("b", 1), run("a", 2)]).map((x) => [x.target, x.runs.length])).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
    expect(spreadText(undefined)).toBe("");
  });

  it("is a page without anything from elsewhere, in which names are text", () => {
    const page = html({ ...result, ratios: [], runs: [run("anvil", 100), noema] });
    expect(page).toContain("noema-&lt;1>");
    expect(page).not.toMatch(/<script|<link|src=|NaN|undefined/);
  });

  it("names the busiest thread that is no pool, and where it would be full", () => {
    const main = "main of validator 0";
    const bound = { cores: 0.255, thread: main, share: 0.1, ceiling: 5000, many: { rate: 5000, by: main } };
    expect(boundOf(noema)).toEqual(bound);
    expect(boundText(bound)).toContain("16 cores would give 5000/s, held by main of validator 0");
    const even = { ...noema, coreMicros: 4000 };
    expect(boundOf(even)?.many).toEqual({ rate: 4000, by: "the sum of all threads" });
    expect(boundOf(run("anvil", 100))).toBeUndefined();
  });

  it("is a table for a spreadsheet, too", () => {
    const [head = "", ...rows] = csv([noema]).trimEnd().split("\n");
    expect(rows).toHaveLength(1);
    expect(rows[0]?.split(",")[head.split(",").indexOf("core_micros")]).toBe("500");
  });

  it("has round numbers at its axes", () => {
    expect([ticks(1297), ticks(4), ticks(0)]).toEqual([
      [0, 500, 1000, 1500],
      [0, 1, 2, 3, 4],
      [0, 1],
    ]);
  });
});
