/** A transfer and the wait for it, one after the other and from eight accounts at once. */
import type { NodeName } from "../nodes.ts";
import type { Scenario } from "../scenario.ts";
import { median, type Result } from "../steps.ts";
import { ethersTogether, type Open, type Sender, senders } from "./senders.ts";

const SIDE_BY_SIDE = 8;

function waits(name: string, open: Open, lanes: number): Scenario {
  return {
    name: `wait: ${name}, ${lanes === 1 ? "alone" : `${lanes} side by side`}`,
    async run(node, steps, { count }) {
      const opened = await open(node, lanes);
      const each = Math.ceil(count / lanes);
      const lane = async (sender: Sender) => {
        for (let i = 0; i < each; i++) await steps.step("send and wait", sender.sendAndWait);
      };
      await Promise.all(opened.map(lane));
      for (const sender of opened) sender.close();
    },
    judge: judgeWaits,
  };
}

/** The times that a wait may take: twice anvil's where a validator is alone, this where four vote. */
const VOTING_MS = 600;

function judgeWaits(result: Result, node: NodeName, anvil: Result | undefined): string[] {
  const missed = result.failed === 0 ? [] : [`${result.failed} failed, of these ${result.hung} hung`];
  const ms = median(result.times);
  const limit = node === "noema-4" ? VOTING_MS : anvil && 2 * median(anvil.times);
  if (limit !== undefined && !(ms <= limit)) missed.push(`median ${ms.toFixed(0)} ms, allowed ${limit.toFixed(0)} ms`);
  return missed;
}

export const waitScenarios = [
  ...Object.entries(senders).flatMap(([name, open]) => [waits(name, open, 1), waits(name, open, SIDE_BY_SIDE)]),
  waits("ethers, one provider", ethersTogether, SIDE_BY_SIDE),
];
