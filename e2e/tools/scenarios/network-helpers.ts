/** Hardhat's network-helpers, the whole list, through Hardhat 3 as a test suite loads them. */
import helpersPlugin from "@nomicfoundation/hardhat-network-helpers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { address } from "../accounts.ts";
import { cases } from "../network-helpers/cases.ts";
import type { Ask, Helpers } from "../network-helpers/helpers.ts";
import { runCases } from "../network-helpers/run-cases.ts";
import { everyStep, type Scenario } from "../scenario.ts";

export const networkHelpersScenario: Scenario = {
  name: "network-helpers of Hardhat 3",
  async run(node, steps) {
    const hre = await createHardhatRuntimeEnvironment({
      plugins: [helpersPlugin],
      networks: { asked: { type: "http", url: node.url } },
    });
    const { provider, networkHelpers } = await hre.network.connect("asked");
    const ask: Ask = (method, ...params) => provider.request({ method, params });
    await runCases(cases, networkHelpers as unknown as Helpers, ask, address(3), steps);
  },
  judge: everyStep,
};
