/** The results as a Markdown table, with what went wrong below it. */
import type { NodeName } from "./nodes.ts";
import { median, type Result } from "./steps.ts";

export type Report = { scenario: string; node: NodeName; result: Result; missed: string[] };

export function table(reports: readonly Report[]): string {
  const nodes = [...new Set(reports.map((x) => x.node))];
  const rows = [...new Set(reports.map((x) => x.scenario))].map((scenario) => {
    const cells = nodes.map((node) => cell(reports.find((x) => x.scenario === scenario && x.node === node)));
    return `| ${[scenario, ...cells].join(" | ")} |`;
  });
  const head = [`| scenario: passed/steps, median/max ms | ${nodes.join(" | ")} |`, `|---|${"---|".repeat(nodes.length)}`];
  const below = reports.flatMap(details);
  return [...head, ...rows, "", ...below, ""].join("\n");
}

function cell(report: Report | undefined): string {
  if (report === undefined) return "";
  const { passed, failed, hung, times } = report.result;
  const timing = times.length === 0 ? "" : `, ${median(times).toFixed(0)}/${Math.max(...times).toFixed(0)}`;
  return `${report.missed.length > 0 ? "**MISSED** " : ""}${passed}/${passed + failed}${hung > 0 ? ` (${hung} hung)` : ""}${timing}`;
}

function details({ scenario, node, result, missed }: Report): string[] {
  const faults = Object.entries(result.faults).map(([fault, times]) => `  ${times} x ${fault}`);
  const lines = [...missed.map((x) => `  missed: ${x}`), ...faults, ...result.facts.map((x) => `  ${x}`)];
  return lines.length === 0 ? [] : [`${scenario} on ${node}:`, ...lines];
}
