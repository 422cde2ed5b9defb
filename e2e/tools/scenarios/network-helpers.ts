/** Hardhat's network-helpers, the whole list, through Hardhat 3 as a test suite loads them. */
import { address } from "../accounts.ts";
import { networkHelpersPlugin, openHardhat } from "../hardhat.ts";
import { cases } from "../network-helpers/cases.ts";
import type { Ask, Helpers } from "../network-helpers/helpers.ts";
import { runCases } from "../network-helpers/run-cases.ts";
import { everyStep, type Scenario } from "../scenario.ts";

export const networkHelpersScenario: Scenario = {
  name: "network-helpers of Hardhat 3",
  async run(node, steps) {
    const plugins = [await networkHelpersPlugin()];
    const hre = await openHardhat({ plugins, networks: { asked: { type: "http", url: node.url } } });
    const { provider, networkHelpers } = await hre.network.connect("asked");
    const ask: Ask = (method, ...params) => provider.request({ method, params }) as ReturnType<Ask>;
    await runCases(cases, networkHelpers as unknown as Helpers, ask, address(3), steps);
  },
  judge: everyStep,
};
