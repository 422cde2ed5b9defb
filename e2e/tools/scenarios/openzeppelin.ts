/**
 * OpenZeppelin's tests of their contracts, from a checkout that NOEMA_OPENZEPPELIN names: npm has the contracts alone.
 * NOEMA_OPENZEPPELIN_EVERY=n runs each n-th file.
 */
import type { NodeName } from "../nodes.ts";
import { openCheckout } from "../openzeppelin/checkout.ts";
import { runFile } from "../openzeppelin/run-file.ts";
import type { Scenario } from "../scenario.ts";

/** What failed where, file by file; the simulators run first. */
const failedOn = new Map<NodeName, Set<string>>();

/** Of the simulators that ran, whether one fails it too. */
const alsoElsewhere = (title: string) => (["anvil", "hardhat"] as const).some((node) => failedOn.get(node)?.has(title));

export const openZeppelinScenario: Scenario = {
  name: "OpenZeppelin's contract tests",
  async run(node, steps) {
    const { NOEMA_OPENZEPPELIN: folder, NOEMA_OPENZEPPELIN_EVERY: every = "1" } = process.env;
    if (folder === undefined)
      return steps.fact("skipped: NOEMA_OPENZEPPELIN names no checkout of github.com/OpenZeppelin/openzeppelin-contracts");
    if (node.name === "noema-4") return steps.fact("skipped: some 15,000 transactions, each of which waits for four votes");
    const failed = new Set<string>();
    failedOn.set(node.name, failed);
    const { files, left } = await openCheckout(node, folder);
    const chosen = files.filter((_, i) => i % Number(every) === 0);
    for (const file of chosen) {
      const outcome = await runFile(node, folder, file).catch((error: Error) => ({
        passed: [],
        failed: [{ title: "", message: error.message }],
      }));
      for (const _ of outcome.passed) steps.pass();
      for (const { title, message } of outcome.failed) {
        const name = `${file} ${title}`.trim();
        failed.add(name);
        steps.fail(name, message);
      }
    }
    steps.fact(`${chosen.length} of ${files.length + left} files; ${left} left out, which need contracts of hardhat-predeploy`);
  },
  judge(_, node) {
    const own = [...(failedOn.get(node) ?? [])].filter((title) => !alsoElsewhere(title));
    return own.map((title) => `failed here alone: ${title}`);
  },
};
