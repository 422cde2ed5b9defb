import type { NodeName, RunningNode } from "./nodes.ts";
import type { Result, Steps } from "./steps.ts";

export type Options = {
  /** Repetitions of what is measured. */
  count: number;
};

export type Scenario = {
  name: string;
  /** Where nothing is compared: the node beside which it runs. */
  only?: NodeName;
  run(node: RunningNode, steps: Steps, options: Options): Promise<void>;
  /** The lines that a Noema node does not meet, in words; `anvil` is what the same run measured there, if it did. */
  judge(result: Result, node: RunningNode["name"], anvil: Result | undefined): string[];
};

/** The judgement of most scenarios. */
export function everyStep(result: Result): string[] {
  return result.failed === 0 ? [] : [`${result.failed} of ${result.passed + result.failed} steps failed`];
}
