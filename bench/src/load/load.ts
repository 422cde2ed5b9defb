/** `bench load`: one load on one target. */
import { createProgress } from "@noema/node/cli/progress";
import { describeMachine } from "../machine.ts";
import { describeRun } from "./report/words.ts";
import type { RunResult } from "./result.ts";
import { findScenario } from "./scenarios/table.ts";
import { openSession } from "./session.ts";
import { startNoema } from "./targets/noema.ts";

export type LoadCommandOptions = {
  scenario: string;
  rate?: number;
  window: number;
  senders: number;
  connections: number;
  batch: number;
  transport: "http" | "ws";
  count: number;
  seconds: number;
  runs: number;
  seed: number;
  settle: number;
  syncDelayMs: number;
  validators: number;
  noema: string;
  waitSend: boolean;
  flags: string;
  maxFeeGwei: number;
  json: boolean;
};

const GWEI = 1_000_000_000n;

export async function load(o: LoadCommandOptions): Promise<void> {
  const progress = createProgress(o.json ? { write() {} } : process.stdout);
  const scenario = findScenario(o.scenario);
  progress.say(`${describeMachine()}; seed ${o.seed}`);
  const flags = o.flags.split(" ").filter(Boolean);
  const starting = startNoema({ checkout: o.noema, validators: o.validators, asyncSend: !o.waitSend, flags, syncDelayMs: o.syncDelayMs });
  const target = await progress.during((s) => `starting a devnet of ${o.validators} ... ${s} s`, starting);
  const results: RunResult[] = [];
  try {
    const opening = openSession(target, scenario, { ...o, maxFeePerGas: BigInt(o.maxFeeGwei) * GWEI });
    const session = await progress.during((s) => `funding ${o.senders} senders, signing ${o.count} transactions ... ${s} s`, opening);
    for (let k = 1; k <= o.runs; k++) {
      const running = session.run(o);
      const result = await progress.during((s) => `run ${k} of ${o.runs} ... ${s} s`, running);
      progress.say(describeRun(result));
      results.push(result);
    }
    session.close();
  } finally {
    await target.stop();
  }
  if (o.json) process.stdout.write(`${JSON.stringify({ machine: describeMachine(), seed: o.seed, runs: results })}\n`);
}
