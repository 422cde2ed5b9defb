/** Runs the scenarios on each node and reports. */
import { writeFileSync } from "node:fs";
import { coreError } from "@noema/core/errors";
import { type NodeName, nodeNames, startNode } from "./nodes.ts";
import { type Report, table } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios/all.ts";
import { Steps } from "./steps.ts";

export type ToolsOptions = {
  validators: "1" | "4" | undefined;
  nodes: NodeName[] | undefined;
  count: number;
  noema: string;
  json: string | undefined;
  list: boolean;
};

/** Resolves with whether every Noema node met what is asked of it. */
export async function runTools(filters: readonly string[], options: ToolsOptions): Promise<boolean> {
  const chosen = scenarios.filter((x) => filters.length === 0 || filters.some((word) => x.name.toLowerCase().includes(word.toLowerCase())));
  if (chosen.length === 0) throw coreError("ARGUMENT_INVALID", "no scenario has such a name; --list prints them");
  if (options.list) {
    for (const { name } of chosen) process.stdout.write(`${name}\n`);
    return true;
  }
  const reports: Report[] = [];
  for (const node of options.nodes ?? nodeNames.filter((x) => !x.startsWith("noema") || x.endsWith(options.validators ?? "")))
    await runOn(node, chosen, options, reports);
  process.stdout.write(`\n${table(reports)}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(reports, null, 1)}\n`);
  return reports.every((x) => x.missed.length === 0);
}

/** One node at a time: two would take each other's processor. */
async function runOn(name: NodeName, chosen: readonly Scenario[], { noema, count }: ToolsOptions, reports: Report[]): Promise<void> {
  const node = await startNode(name, noema);
  const interrupted = () => node.stop().finally(() => process.exit(130));
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  try {
    for (const scenario of chosen.filter(({ only }) => only === undefined || only === name)) {
      process.stdout.write(`${name}: ${scenario.name} ... `);
      const steps = new Steps();
      await scenario.run(node, steps, { count }).catch((error) => steps.fail("cut short", error));
      const { result } = steps;
      const anvil = reports.find((x) => x.node === "anvil" && x.scenario === scenario.name)?.result;
      const missed = name.startsWith("noema") ? scenario.judge(result, name, anvil) : [];
      reports.push({ scenario: scenario.name, node: name, result, missed });
      process.stdout.write(`${result.passed} passed, ${result.failed} failed\n`);
    }
  } finally {
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", interrupted);
    await node.stop();
  }
}
