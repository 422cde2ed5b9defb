/** The load by which nodes are compared, and what all such measurements do at their end. */
import type { Progress } from "@noema/node/cli/progress";
import { describeMachine, type Machine } from "../machine.ts";
import { markdown } from "./report/markdown.ts";
import { describeRun } from "./report/words.ts";
import { writeReport } from "./report/write.ts";
import { type BenchResult, FORMAT, type RunResult } from "./result.ts";
import type { LoadOptions, Pace, Session } from "./session.ts";
import { median } from "./stats/percentiles.ts";
import { ratios } from "./stats/ratios.ts";

/** As many as the four connections carry without waiting: 200 transactions on the way. */
export const COMMON_LOAD: Omit<LoadOptions, "seed" | "count"> = {
  transport: "http",
  batch: 50,
  connections: 4,
  senders: 200,
  maxFeePerGas: 200_000_000_000n,
  settle: 0,
  order: "rounds",
};

/** One run of each session in turn. */
export async function alternate(sessions: readonly Session[], pace: Omit<Pace, "window">, progress: Progress): Promise<RunResult[]> {
  const runs: RunResult[] = [];
  for (const session of sessions) {
    const running = session.run({ window: 1, ...pace });
    const result = await progress.during((s) => `${session.target.name} ... ${s} s`, running);
    progress.say(describeRun(result));
    runs.push(result);
  }
  return runs;
}

export type Ending = { command: string; machine: Machine; at: string; seed: number; runs: RunResult[]; out?: string; json: boolean };

/** Makes the result of the runs, prints and writes it. */
export function conclude({ out, json, ...found }: Ending, progress: Progress): BenchResult {
  const others = found.runs.flatMap((x) => x.otherCores ?? []);
  const result: BenchResult = {
    format: FORMAT,
    ...found,
    ratios: ratios(found.runs, "anvil"),
    ...(others.length > 0 && { otherCores: median(others) }),
  };
  progress.say(`\n${markdown(result)}`);
  if (out !== undefined) writeReport(out, result);
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  return result;
}

export function announce(machine: Machine, seed: number, progress: Progress): void {
  progress.say(`${describeMachine(machine)}; seed ${seed}`);
}
