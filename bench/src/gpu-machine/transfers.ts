/** Transfers on one and on four validators, as many as go: what a machine with cores to spare makes of them. */
import type { Progress } from "@noema/node/cli/progress";
import { repositoryRoot } from "@noema/node/paths";
import { COMMON_LOAD } from "../load/alternate.ts";
import { boundOf, boundText } from "../load/report/bound.ts";
import type { RunResult } from "../load/result.ts";
import { transfers } from "../load/scenarios/transfers.ts";
import { openSession } from "../load/session.ts";
import { startNoema } from "../load/targets/noema.ts";
import type { TransferRow } from "./record.ts";

const RUNS = 2;
/** Of a run. */
const SECONDS = 5;
const COUNT = 100_000;

export async function measureTransfers(validators: number, seed: number, progress: Progress): Promise<TransferRow> {
  const starting = startNoema({ checkout: repositoryRoot(), validators, asyncSend: true, flags: [], syncDelayMs: 0 });
  const target = await progress.during((s) => `starting ${validators} validators ... ${s} s`, starting);
  try {
    const opening = openSession(target, transfers, { ...COMMON_LOAD, seed, count: COUNT });
    const session = await progress.during((s) => `funding senders, signing ${COUNT} transfers ... ${s} s`, opening);
    const runs: RunResult[] = [];
    for (let k = 0; k < RUNS; k++) {
      const running = session.run({ window: 2, seconds: SECONDS });
      runs.push(await progress.during((s) => `transfers on ${validators}, run ${k + 1} of ${RUNS} ... ${s} s`, running));
    }
    session.close();
    return rowOf(
      validators,
      runs.reduce((best, run) => (run.tps > best.tps ? run : best)),
    );
  } finally {
    await progress.during((s) => `stopping ${validators} validators ... ${s} s`, target.stop());
  }
}

function rowOf(validators: number, run: RunResult): TransferRow {
  const bound = boundOf(run);
  return {
    validators,
    perSecond: run.tps,
    coreMicros: run.coreMicros,
    generatorCoreMicros: run.generatorCoreMicros,
    recoveryMicros: run.recoveryMicros,
    threads: (run.processes ?? []).flatMap(({ name: process, threads }) => threads.map((x) => ({ process, ...x }))),
    generatorShare: (run.generatorCoreMicros * run.tps) / 1e6,
    bound: bound && boundText(bound),
  };
}
