/** Transactions that read a digit each, on four validators: what is computed ahead of their blocks, on WASM and on the GPU. */
import type { Progress } from "@noema/node/cli/progress";
import { repositoryRoot } from "@noema/node/paths";
import { COMMON_LOAD } from "../load/alternate.ts";
import { inference } from "../load/scenarios/inference.ts";
import { openSession } from "../load/session.ts";
import { startNoema } from "../load/targets/noema.ts";
import { inferenceMetrics } from "../mixed/metrics.ts";
import type { InferenceRow } from "./record.ts";

const SECONDS = 6;
const COUNT = 20_000;
const VALIDATORS = 4;

export async function measureInference(backend: string, seed: number, progress: Progress): Promise<InferenceRow> {
  const options = { checkout: repositoryRoot(), validators: VALIDATORS, asyncSend: true, syncDelayMs: 0 };
  const starting = startNoema({ ...options, flags: ["--backend", backend] });
  const target = await progress.during((s) => `starting 4 validators, --backend ${backend} ... ${s} s`, starting);
  try {
    const opening = openSession(target, inference, { ...COMMON_LOAD, seed, count: COUNT });
    const session = await progress.during((s) => `funding senders, signing ${COUNT} transactions ... ${s} s`, opening);
    const run = await progress.during((s) => `digits on 4, ${backend} ... ${s} s`, session.run({ window: 1, seconds: SECONDS }));
    session.close();
    const counts = await Promise.all(target.metricsUrls.map(inferenceMetrics));
    const sum = (key: "ahead" | "inline") => counts.reduce((total, x) => total + x[key], 0);
    return { backend, perSecond: run.tps, coreMicros: run.coreMicros, ahead: sum("ahead"), inline: sum("inline") };
  } finally {
    await progress.during((s) => `stopping 4 validators ... ${s} s`, target.stop());
  }
}
