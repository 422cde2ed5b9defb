import { accountSteps } from "./accounts.ts";
import { blockSteps } from "./blocks.ts";
import { deaths } from "./deaths.ts";
import type { Step } from "./step.ts";
import { transactionSteps } from "./transactions.ts";
import { waysBack } from "./ways-back.ts";
import type { World } from "./world.ts";

const steps: readonly Step[] = [...transactionSteps, ...accountSteps, ...blockSteps, ...waysBack, ...deaths];

export function choose(world: World): Step {
  const possible = steps.filter(({ can }) => can === undefined || can(world));
  const total = possible.reduce((sum, { weight }) => sum + weight, 0);
  let at = (world.random.below(1_000_000) / 1_000_000) * total;
  for (const step of possible) {
    at -= step.weight;
    if (at < 0) return step;
  }
  return possible[0] as Step;
}
