import type { Scenario } from "../scenario.ts";
import { nextBlockScenario } from "./next-block.ts";
import { readAfterSendScenarios } from "./read-after-send.ts";
import { uniswapV2Scenarios } from "./uniswap-v2.ts";
import { uniswapV3Scenarios } from "./uniswap-v3.ts";
import { waitScenarios } from "./waits.ts";

export const scenarios: readonly Scenario[] = [
  ...waitScenarios,
  ...readAfterSendScenarios,
  nextBlockScenario,
  ...uniswapV2Scenarios,
  ...uniswapV3Scenarios,
];
