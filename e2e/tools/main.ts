/**
 * `npm run test:tools`: real tools at their defaults against a devnet of one and of four validators, beside anvil and
 * Hardhat's node in the same run. A table at the end; exit code 1 when a Noema node misses what is asked of it.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { install } from "./install.ts";
import { here, type NodeName, nodeNames, startNode } from "./nodes.ts";
import { type Report, table } from "./report.ts";
import type { Options, Scenario } from "./scenario.ts";
import { Steps } from "./steps.ts";

const USAGE = `usage: npm run test:tools -- [FILTER ...] [options]
  FILTER            run the scenarios whose name contains one of these words; none runs all
  --validators N    only the devnet of 1 or of 4 validators (anvil and Hardhat run beside it)
  --nodes A,B       only these nodes: ${nodeNames.join(", ")}
  --count N         repetitions of what is measured (default 100)
  --noema DIR       judge another checkout's devnet
  --json FILE       write the results as JSON
  --list            print the scenarios' names`;

const { positionals: filters, values } = parseArgs({
  allowPositionals: true,
  options: {
    validators: { type: "string" },
    nodes: { type: "string" },
    count: { type: "string", default: "100" },
    noema: { type: "string", default: `${here}../..` },
    json: { type: "string" },
    list: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});

if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
await install(here);
const { scenarios } = await import("./scenarios/all.ts"); // its imports are there only now

const chosen = scenarios.filter(({ name }) => filters.length === 0 || filters.some((x) => name.toLowerCase().includes(x.toLowerCase())));
const nodes =
  (values.nodes?.split(",") as NodeName[] | undefined) ??
  nodeNames.filter((x) => !x.startsWith("noema") || (values.validators ?? x.slice(-1)) === x.slice(-1));
if (values.list) {
  for (const { name } of chosen) process.stdout.write(`${name}\n`);
  process.exit(0);
}
const reports: Report[] = [];
for (const node of nodes) await runOn(node, chosen, { count: Number(values.count) });
process.stdout.write(`\n${table(reports)}`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(reports, null, 1)}\n`);
process.exit(reports.some((x) => x.missed.length > 0) ? 1 : 0);

/** One node at a time: two would take each other's processor. */
async function runOn(name: NodeName, chosen: readonly Scenario[], options: Options): Promise<void> {
  const node = await startNode(name, values.noema);
  try {
    for (const scenario of chosen) {
      process.stdout.write(`${name}: ${scenario.name} ... `);
      const steps = new Steps();
      await scenario.run(node, steps, options).catch((error) => steps.fail("cut short", error));
      const { result } = steps;
      const anvil = reports.find((x) => x.node === "anvil" && x.scenario === scenario.name)?.result;
      const missed = name.startsWith("noema") ? scenario.judge(result, name, anvil) : [];
      reports.push({ scenario: scenario.name, node: name, result, missed });
      process.stdout.write(`${result.passed} passed, ${result.failed} failed\n`);
    }
  } finally {
    await node.stop();
  }
}
