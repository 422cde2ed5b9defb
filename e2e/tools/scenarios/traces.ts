/** Traces of 200 transactions of mixed contracts, field by field as anvil has them; where they differ, known-differences.ts says why. */
import { address } from "../accounts.ts";
import { mined, type RunningNode, rpc, startTracingAnvil } from "../nodes.ts";
import type { Scenario } from "../scenario.ts";
import type { Steps } from "../steps.ts";
import { type Difference, differences } from "../traces/compare.ts";
import { reasonOf } from "../traces/known-differences.ts";
import { type PlannedTransaction, planTransactions } from "../traces/plan.ts";
import { QUESTIONS } from "../traces/questions.ts";

const COUNT = 200;
const SEED = Number(process.env.NOEMA_SEED ?? 562);

/** What the first node answered: question -> transaction -> answer. */
type Answers = Map<string, unknown[]>;
let first: { name: RunningNode["name"]; answers: Answers } | undefined;

export const tracesScenario: Scenario = {
  name: "traces of mixed contracts",
  async run(node, steps) {
    if (node.name === "hardhat") return; // it has one tracer
    if (node.name !== "anvil") return runOn(node, steps);
    const tracing = await startTracingAnvil();
    await runOn(tracing, steps).finally(tracing.stop);
  },
  judge: ({ faults, passed }) => (passed === 0 ? ["compared with nothing: anvil runs first"] : Object.keys(faults)),
};

async function runOn(node: RunningNode, steps: Steps): Promise<void> {
  const [from, to] = [0, 5].map((i) => address(i).toLowerCase()) as [`0x${string}`, `0x${string}`];
  const plan = planTransactions(COUNT, SEED, from, to);
  const hashes = await send(node, plan);
  const ask = (method: string, ...params: unknown[]) => rpc(node.url, method, ...params);
  const answers: Answers = new Map();
  for (const question of QUESTIONS) {
    const own: unknown[] = [];
    for (const [i, hash] of hashes.entries()) {
      const answer = await question.ask(ask, hash);
      own.push(question.form?.(answer, plan[i] as PlannedTransaction) ?? answer);
    }
    answers.set(question.name, own);
  }
  if (first === undefined) first = { name: node.name, answers };
  else compare(first.answers, answers, steps);
}

/** One after another: each is a block of its own. */
async function send(node: RunningNode, plan: readonly PlannedTransaction[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const tx of plan) {
    const hash = await rpc<string>(node.url, "eth_sendTransaction", tx);
    await mined(node.url, hash);
    hashes.push(hash);
  }
  return hashes;
}

/** A step for each question and transaction; differences of one kind count as one line. */
function compare(theirs: Answers, ours: Answers, steps: Steps): void {
  const reasons = new Map<string, number>();
  for (const [question, answers] of theirs)
    for (const [i, answer] of answers.entries()) {
      const found = differences(answer, ours.get(question)?.[i]);
      const unknown = found.filter((x) => {
        const reason = reasonOf(question, x);
        if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        return reason === undefined;
      });
      if (unknown.length === 0) steps.pass();
      else for (const path of new Set(unknown.map((x) => x.path))) steps.fail(question, new Error(shown(path, unknown, i)));
    }
  for (const [reason, count] of [...reasons].sort()) steps.fact(`${count} x ${reason}`);
}

function shown(path: string, found: readonly Difference[], transaction: number): string {
  if (process.env.NOEMA_TRACE_DETAILS) {
    const { theirs, ours } = found.find((x) => x.path === path) as Difference;
    const text = (value: unknown) => JSON.stringify(value)?.slice(0, 60);
    return `${path}: ${text(theirs)}, here ${text(ours)} (transaction ${transaction})`;
  }
  return path;
}
