/** What operators look at names what a node tells; promtool, where it is installed, judges the rest. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { scraped } from "../metrics-page.ts";
import { root } from "../walls.ts";
import { dashboards } from "./dashboards.ts";
import { dashboardFiles, monitoringFolder } from "./write.ts";

const alerts = readFileSync(join(monitoringFolder, "alerts.yml"), "utf8");
const blocks = alerts.split(/^ {6}- alert: /m).slice(1);
const expressions = [
  ...dashboards.flatMap((x) => x.rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(([expression]) => expression)))),
  ...blocks.map((x) => /^\s+expr: (.*)$/m.exec(x)?.[1] as string),
];
const metricsOf = (expression: string) => expression.match(/noema_\w+/g) ?? [];
const HISTOGRAM = /_(bucket|sum|count)$/;

let text = "";
let told: Map<string, string>;
beforeAll(async () => {
  text = await scraped();
  told = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name as string, type as string]));
});

/** Names in an expression that no node tells. */
const unknownIn = (expression: string) =>
  metricsOf(expression).filter((x) => !told.has(x) && told.get(x.replace(HISTOGRAM, "")) !== "histogram");

describe("dashboards and alerts", () => {
  it("are rendered from what stands in tools/monitoring", () => {
    for (const { path, text } of dashboardFiles()) expect(readFileSync(path, "utf8"), "run: npm run noema -- tool dashboards").toBe(text);
  });

  it("name metrics that a node tells", () => {
    expect(expressions.length).toBeGreaterThan(60);
    expect(expressions.flatMap(unknownIn)).toEqual([]);
    expect(unknownIn("rate(noema_consensus_nonsense_total[1m]) / noema_consensus_height_bucket")).toHaveLength(2);
  });

  it("take rates of counters alone, and of no gauge", () => {
    const rated = expressions.flatMap((x) => [...x.matchAll(/(?:rate|increase)\((noema_\w+)/g)].map(([, name]) => name as string));
    expect(rated.filter((x) => (told.get(x) ?? told.get(x.replace(HISTOGRAM, ""))) === "gauge")).toEqual([]);
    expect(rated.length).toBeGreaterThan(15);
  });

  it("have a runbook for each alert", () => {
    expect(blocks.length).toBeGreaterThan(10);
    const without = blocks.filter((x) => !existsSync(join(root, /^\s+runbook: (\S+)$/m.exec(x)?.[1] ?? "none")));
    expect(without.map((x) => x.split("\n")[0])).toEqual([]);
  });
});

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
const promtool = (args: string[], input?: string) => spawnSync("promtool", args, { cwd: monitoringFolder, encoding: "utf8", input });

describe.skipIf(!hasPromtool)("promtool (Debian: prometheus)", () => {
  it.each([
    ["check", "config", "prometheus.yml"],
    ["check", "rules", "alerts.yml"],
    ["test", "rules", "alerts.test.yml"],
  ])("%s %s %s", (...args) => {
    const { status, stdout, stderr } = promtool(args);
    expect(status, stdout + stderr).toBe(0);
  });

  it("finds nothing in what a node tells", () => {
    const { status, stdout, stderr } = promtool(["check", "metrics"], text);
    expect(stdout + stderr).toBe("");
    expect(status).toBe(0);
    expect(promtool(["check", "metrics"], "# TYPE noema_things_total gauge\nnoema_things_total 1\n").status).not.toBe(0);
  });
});
