/** Searches for the block that takes the execution engine longest (docs/protocol/worst-block.md). */
import { coreError } from "@noema/core/errors";
import { createProgress } from "@noema/node/cli/progress";
import { describeMachine } from "../machine.ts";
import { describeAnchor, measureAnchor } from "../worst-block/anchor.ts";
import type { Attack } from "../worst-block/attack.ts";
import { attacks } from "../worst-block/attacks.ts";
import { attackModels } from "../worst-block/cases/inference.ts";
import { openChain } from "../worst-block/chain.ts";
import { createRandom } from "../worst-block/random.ts";
import { table, verdict } from "../worst-block/report.ts";
import { type Finding, search } from "../worst-block/search.ts";

export type WorstBlockOptions = {
  seconds: number;
  seed: number;
  only?: string;
  gas: number;
  gasLimit: number;
  runs: number;
  keep: number;
  state: number;
  json: boolean;
};

export async function worstBlock(options: WorstBlockOptions, chosen: readonly Attack[]): Promise<Finding[]> {
  const progress = createProgress();
  const say = options.json ? () => undefined : (text: string) => progress.say(text);
  const before = measureAnchor();
  say(`seed ${options.seed}; anchor: ${describeAnchor(before)}`);
  const { state } = options;
  const size = { senders: 800, accounts: state, slots: state, codes: Math.ceil(state / 100) };
  const opening = openChain(size, attackModels());
  const chain = await (options.json ? opening : progress.during((s) => `making a state of ${state} accounts ... ${s} s`, opening));
  try {
    const { seconds, gas, runs, keep } = options;
    const findings = await search({ attacks: chosen, chain, random: createRandom(options.seed), seconds, gas, runs, keep, say });
    const after = measureAnchor();
    if (options.json)
      process.stdout.write(
        `${JSON.stringify({ machine: describeMachine(), seed: options.seed, anchor: { before, after }, gasLimit: options.gasLimit, findings })}\n`,
      );
    else
      say(
        `\n${table(findings, options.gasLimit)}\n\n${verdict(findings, options.gasLimit)}\nanchor: ${describeAnchor(before)}; at the end ${describeAnchor(after)}`,
      );
    return findings;
  } finally {
    await chain.close();
  }
}

/** Throws ARGUMENT_INVALID where a name in `only` is that of nothing. */
export function selectAttacks(only: string | undefined): readonly Attack[] {
  if (only === undefined) return attacks;
  const wanted = only.toLowerCase().split(",");
  const named = (x: string) => attacks.filter(({ name, group }) => x !== "" && (group === x || name.toLowerCase().includes(x)));
  const found = wanted.map(named);
  if (found.every((list) => list.length > 0)) return [...new Set(found.flat())];
  const groups = [...new Set(attacks.map(({ group }) => group))].join(", ");
  throw coreError("ARGUMENT_INVALID", `--only: a kind (${groups}) or part of an attack's name is expected`, { only });
}
