import { type Steps, saysNeedsOne } from "../steps.ts";
import type { Case } from "./case.ts";
import type { Ask, Helpers } from "./helpers.ts";

/** Where a case needs one validator the answer is that, or right. */
export async function runCases(cases: readonly Case[], helpers: Helpers, ask: Ask, from: string, steps: Steps): Promise<void> {
  for (const { name, needsOne, run } of cases)
    await steps.step(name, () => run(helpers, ask, from).catch(needsOne ? saysNeedsOne : undefined));
}
