/** `bench finality`: what inferences, endless calls beside them, and blobs do to the time until a transaction is final. */
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { repositoryRoot } from "@noema/node/paths";
import { COMMON_LOAD } from "../load/alternate.ts";
import { benchError } from "../load/errors.ts";
import type { RunResult } from "../load/result.ts";
import { openSession } from "../load/session.ts";
import type { Percentiles } from "../load/stats/percentiles.ts";
import { startNoema } from "../load/targets/noema.ts";
import type { Target } from "../load/targets/target.ts";
import { describeMachine } from "../machine.ts";
import { blobPhases } from "./blob-phases.ts";
import { type Phase, phasesOf } from "./phases.ts";

export type FinalityOptions = { blobs: boolean; inferences: number; blocks: number; validators: number; blockMs: number; seed: number };

/** Of which a p99 is taken. */
const LEAST_SAMPLES = 200;
const SENDERS = 100;

/**
 * Blocks come at a fixed interval beside inferences, so that all phases have as many, beside blobs as a devnet makes them. Resolves with
 * whether every phase stayed within its limits.
 */
export async function measureFinality(o: FinalityOptions): Promise<boolean> {
  const progress = createProgress();
  progress.say(`${describeMachine()}; seed ${o.seed}`);
  const flags = o.blobs ? [] : ["--block-time", String(o.blockMs / 1000)];
  const starting = startNoema({ checkout: repositoryRoot(), validators: o.validators, asyncSend: true, flags, syncDelayMs: 0 });
  const target = await progress.during((s) => `starting ${o.validators} validators ... ${s} s`, starting);
  try {
    const runs: { phase: Phase; run: RunResult }[] = [];
    const phases = o.blobs ? blobPhases(o.seed) : phasesOf((1000 * o.inferences) / o.blockMs);
    for (const [i, phase] of phases.entries()) {
      const run = await runPhase(phase, target, o, o.seed + i, progress);
      runs.push({ phase, run });
      progress.say(line(phase, run, runs[0]!.run));
    }
    return runs.every(({ phase, run }) => isWithin(phase, run, runs[0]!.run));
  } finally {
    await progress.during((s) => `stopping ... ${s} s`, target.stop());
  }
}

async function runPhase(
  { name, scenario, rate, calls, seconds: wanted, beside = async () => {} }: Phase,
  target: Target,
  o: FinalityOptions,
  seed: number,
  progress: Progress,
): Promise<RunResult> {
  const seconds = wanted ?? Math.ceil(Math.max((o.blocks * o.blockMs) / 1000, LEAST_SAMPLES / rate));
  const load = { ...COMMON_LOAD, batch: 1, senders: SENDERS, seed, count: Math.ceil(rate * seconds) };
  const session = await progress.during((s) => `${name}: funding senders ... ${s} s`, openSession(target, scenario, load));
  const running = Promise.all([session.run({ rate, window: 1, seconds, calls }), beside(target.urls)]);
  const [run] = await progress.during((s) => `${name} ... ${s} of ${seconds} s`, running);
  session.close();
  return run;
}

function finalOf({ finalizedMs, scenario }: RunResult): Percentiles {
  if (finalizedMs === undefined) throw benchError("BENCH_RUN_FAILED", `${scenario}: nothing became final`);
  return finalizedMs;
}

const NAMES = ["p50", "p90", "p99", "max"] as const;
const ratio = (name: (typeof NAMES)[number], run: RunResult, idle: RunResult) => finalOf(run)[name] / finalOf(idle)[name];

function isWithin({ limits }: Phase, run: RunResult, idle: RunResult): boolean {
  return NAMES.every((name) => ratio(name, run, idle) <= (limits[name] ?? Number.POSITIVE_INFINITY));
}

function line({ name, rate }: Phase, run: RunResult, idle: RunResult): string {
  const { includedMs, blocks, otherCores, coreMicros, calls } = run;
  const ms = (x: number | undefined) => `${x?.toFixed(0)} ms`;
  const final = NAMES.map((x) => `${x} ${ms(finalOf(run)[x])} = ${ratio(x, run, idle).toFixed(2)} of idle's`).join(", ");
  return [
    `${name}: ${rate.toFixed(0)} a second, ${blocks.count} blocks with ${blocks.medianTransactions.toFixed(0)} of them (median)`,
    `in a block after p50 ${ms(includedMs?.p50)}, p99 ${ms(includedMs?.p99)}`,
    `final after ${final}`,
    `${coreMicros?.toFixed(0)} core-µs each; cores of others ${otherCores?.toFixed(2)}${calls === undefined ? "" : `; ${calls.answered} calls answered`}`,
  ].join("; ");
}
