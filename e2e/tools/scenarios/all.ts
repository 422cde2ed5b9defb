import type { Scenario } from "../scenario.ts";
import { forkedScenario } from "./forked.ts";
import { castScenario, forgeScenario } from "./foundry.ts";
import { hardhat2Scenario } from "./hardhat2.ts";
import { hardhat3Scenarios } from "./hardhat3.ts";
import { networkHelpersScenario } from "./network-helpers.ts";
import { nextBlockScenario } from "./next-block.ts";
import { openZeppelinScenario } from "./openzeppelin.ts";
import { poorAccountScenario } from "./poor-account.ts";
import { randomScenarios } from "./random.ts";
import { readAfterSendScenarios } from "./read-after-send.ts";
import { setAccountScenario } from "./set-account.ts";
import { simulatorsScenario } from "./simulators.ts";
import { subsquidScenario } from "./subsquid.ts";
import { tracesScenario } from "./traces.ts";
import { uniswapV2Scenarios } from "./uniswap-v2.ts";
import { uniswapV3Scenarios } from "./uniswap-v3.ts";
import { viemTestScenarios } from "./viem-test-actions.ts";
import { wagmiScenario } from "./wagmi.ts";
import { waitScenarios } from "./waits.ts";

export const scenarios: readonly Scenario[] = [
  ...hardhat3Scenarios,
  hardhat2Scenario,
  openZeppelinScenario,
  ...waitScenarios,
  wagmiScenario,
  subsquidScenario,
  ...readAfterSendScenarios,
  networkHelpersScenario,
  ...viemTestScenarios,
  nextBlockScenario,
  poorAccountScenario,
  setAccountScenario,
  tracesScenario,
  castScenario,
  forgeScenario,
  forkedScenario,
  simulatorsScenario,
  ...randomScenarios,
  ...uniswapV2Scenarios,
  ...uniswapV3Scenarios,
];
