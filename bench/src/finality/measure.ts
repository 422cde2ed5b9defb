/** `bench finality`: what inferences, and endless calls beside them, do to the time until a transaction is final. */
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { repositoryRoot } from "@noema/node/paths";
import { COMMON_LOAD } from "../load/alternate.ts";
import { benchError } from "../load/errors.ts";
import type { RunResult } from "../load/result.ts";
import { openSession } from "../load/session.ts";
import { startNoema } from "../load/targets/noema.ts";
import type { Target } from "../load/targets/target.ts";
import { describeMachine } from "../machine.ts";
import { type Phase, phasesOf } from "./phases.ts";

export type FinalityOptions = { inferences: number; blocks: number; validators: number; blockMs: number; seed: number };

/** Of which a p99 is taken. */
const LEAST_SAMPLES = 200;
const SENDERS = 100;
/** What p99 may be of idle's. */
const MOST_RATIO = 1.5;

/** Blocks come at a fixed interval, so that all phases have as many. Resolves with whether p99 stayed within 1.5 times idle's. */
export async function measureFinality(o: FinalityOptions): Promise<boolean> {
  const progress = createProgress();
  progress.say(`${describeMachine()}; seed ${o.seed}`);
  const flags = ["--block-time", String(o.blockMs / 1000)];
  const starting = startNoema({ checkout: repositoryRoot(), validators: o.validators, asyncSend: true, flags, syncDelayMs: 0 });
  const target = await progress.during((s) => `starting ${o.validators} validators ... ${s} s`, starting);
  try {
    const runs: { phase: Phase; run: RunResult }[] = [];
    for (const [i, phase] of phasesOf((1000 * o.inferences) / o.blockMs).entries()) {
      const run = await runPhase(phase, target, o, o.seed + i, progress);
      runs.push({ phase, run });
      progress.say(line(phase, run, runs[0]!.run));
    }
    return runs.every(({ run }) => ratio(run, runs[0]!.run) <= MOST_RATIO);
  } finally {
    await progress.during((s) => `stopping ... ${s} s`, target.stop());
  }
}

async function runPhase(
  { name, scenario, rate, calls }: Phase,
  target: Target,
  o: FinalityOptions,
  seed: number,
  progress: Progress,
): Promise<RunResult> {
  const seconds = Math.ceil(Math.max((o.blocks * o.blockMs) / 1000, LEAST_SAMPLES / rate));
  const load = { ...COMMON_LOAD, batch: 1, senders: SENDERS, seed, count: Math.ceil(rate * seconds) };
  const session = await progress.during((s) => `${name}: funding senders ... ${s} s`, openSession(target, scenario, load));
  const run = await progress.during((s) => `${name} ... ${s} of ${seconds} s`, session.run({ rate, window: 1, seconds, calls }));
  session.close();
  return run;
}

function p99({ finalizedMs, scenario }: RunResult): number {
  if (finalizedMs === undefined) throw benchError("BENCH_RUN_FAILED", `${scenario}: nothing became final`);
  return finalizedMs.p99;
}

const ratio = (run: RunResult, idle: RunResult) => p99(run) / p99(idle);

function line({ name, rate }: Phase, run: RunResult, idle: RunResult): string {
  const { finalizedMs, includedMs, blocks, otherCores, coreMicros, calls } = run;
  const ms = (x: number | undefined) => `${x?.toFixed(0)} ms`;
  return [
    `${name}: ${rate.toFixed(0)} a second, ${blocks.count} blocks with ${blocks.medianTransactions.toFixed(0)} of them (median)`,
    `in a block after p50 ${ms(includedMs?.p50)}, p99 ${ms(includedMs?.p99)}`,
    `final after p50 ${ms(finalizedMs?.p50)}, p99 ${ms(finalizedMs?.p99)} = ${ratio(run, idle).toFixed(2)} of idle`,
    `${coreMicros?.toFixed(0)} core-µs each; cores of others ${otherCores?.toFixed(2)}${calls === undefined ? "" : `; ${calls.answered} calls answered`}`,
  ].join("; ");
}
