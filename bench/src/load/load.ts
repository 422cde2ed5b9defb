/** `bench load`: one load on one target. */
import { createProgress, type Progress } from "@noema/node/cli/progress";
import { describeMachine, machineNow } from "../machine.ts";
import { curveRates, pointOf } from "./curve.ts";
import { runObjects } from "./objects.ts";
import { describeRun } from "./report/words.ts";
import { writeReport } from "./report/write.ts";
import { type BenchResult, FORMAT, type RunResult } from "./result.ts";
import { blobs } from "./scenarios/blobs.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { findScenario } from "./scenarios/table.ts";
import type { Order } from "./send/order.ts";
import { openSession } from "./session.ts";
import { findKnee } from "./stats/knee.ts";
import { ratios } from "./stats/ratios.ts";
import { checkForeign, startTarget, type TargetOptions } from "./targets/start.ts";
import type { Target } from "./targets/target.ts";

export type LoadCommandOptions = TargetOptions & {
  scenario: string;
  rate?: number;
  window: number;
  senders: number;
  connections: number;
  batch: number;
  transport: "http" | "ws";
  count: number;
  bytes: number;
  seconds: number;
  runs: number;
  curve: boolean;
  receipts: boolean;
  probe?: string;
  probeRate: number;
  calls: number;
  logs: boolean;
  seed: number;
  order: Order;
  settle: number;
  maxFeeGwei: number;
  out?: string;
  json: boolean;
};

const GWEI = 1_000_000_000n;

export async function load(o: LoadCommandOptions): Promise<void> {
  const progress = createProgress(o.json ? { write() {} } : process.stdout);
  const scenario = o.scenario === blobs.name ? undefined : findScenario(o.scenario);
  await checkForeign(o);
  const machine = machineNow(o.noema);
  const at = new Date().toISOString();
  progress.say(`${describeMachine(machine)}; seed ${o.seed}`);
  const target = await startTarget(o, progress);
  const runs: RunResult[] = [];
  const measure = async (what: string, running: Promise<RunResult>) => {
    const result = await progress.during((s) => `${what} ... ${s} s`, running);
    progress.say(describeRun(result));
    runs.push(result);
    return result;
  };
  try {
    if (scenario === undefined)
      for (let k = 1; k <= o.runs; k++) await measure(`run ${k} of ${o.runs}`, runObjects(target, { ...o, seed: o.seed + k }));
    else await measureTransactions(target, scenario, o, { progress, measure });
  } finally {
    await progress.during((s) => `stopping ${target.name} ... ${s} s`, target.stop());
  }
  const result: BenchResult = { format: FORMAT, command: "load", machine, at, seed: o.seed, runs, ratios: ratios(runs, "anvil") };
  if (o.curve) {
    result.curve = runs.flatMap(pointOf);
    result.knee = findKnee(result.curve);
    const { knee } = result;
    progress.say(knee === undefined ? "no rate was kept up with" : `knee: ${knee.offered} a second, p99 ${knee.p99.toFixed(0)} ms`);
  }
  if (o.out !== undefined) writeReport(o.out, result);
  if (o.json) process.stdout.write(`${JSON.stringify(result)}\n`);
}

type Measuring = { progress: Progress; measure(what: string, running: Promise<RunResult>): Promise<RunResult> };

async function measureTransactions(
  target: Target,
  scenario: Scenario,
  o: LoadCommandOptions,
  { progress, measure }: Measuring,
): Promise<void> {
  const opening = openSession(target, scenario, { ...o, maxFeePerGas: BigInt(o.maxFeeGwei) * GWEI });
  const session = await progress.during((s) => `funding ${o.senders} senders, signing ${o.count} transactions ... ${s} s`, opening);
  try {
    if (!o.curve) {
      for (let k = 1; k <= o.runs; k++) await measure(`run ${k} of ${o.runs}`, session.run(o));
      return;
    }
    const { tps } = await measure("as fast as it goes", session.run({ ...o, rate: undefined }));
    for (const rate of curveRates(tps)) await measure(`${rate} a second`, session.run({ ...o, rate }));
  } finally {
    session.close();
  }
}
