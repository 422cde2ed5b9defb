/** viem's `testActions`, the whole list, in the two modes that a devnet answers to. */
import { address } from "../accounts.ts";
import { everyStep, type Scenario } from "../scenario.ts";
import { saysNeedsOne } from "../steps.ts";
import { actions, type Mode, testClient } from "../viem/test-actions.ts";

function testActions(mode: Mode): Scenario {
  return {
    name: `viem's test actions, mode ${mode}`,
    async run(node, steps) {
      const client = testClient(node.url, mode);
      for (const { name, needsOne, run } of actions.filter((x) => x.only === undefined || x.only === mode))
        await steps.step(name, () => run(client, address(3)).catch(needsOne ? saysNeedsOne : undefined));
    },
    judge: everyStep,
  };
}

export const viemTestScenarios = [testActions("anvil"), testActions("hardhat")];
