/** What infers ahead of time, joined to pool, heads and metrics. */
import { availableParallelism } from "node:os";
import type { MessagePort } from "node:worker_threads";
import type { Genesis } from "@noema/core/genesis";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { NodeConfig } from "../config.ts";
import { createBesideCounts } from "../inference/beside-counts.ts";
import { watchPool } from "../inference/watch-pool.ts";
import type { ExecutionThread } from "../threads/execution-face.ts";
import { createInferenceAhead } from "../threads/inference-thread.ts";
import type { Layers } from "./layers.ts";

export type InferenceDeps = {
  genesis: Genesis;
  config: Pick<NodeConfig, "inference" | "execution">;
  execution: Pick<ExecutionThread, "forReaders">;
  layers: Pick<Layers, "pool" | "heads" | "onHeard">;
  /** To the execution thread. */
  results: MessagePort;
  /** ExecutionWorkerData. */
  counts: SharedArrayBuffer;
  logger: Logger;
  metrics: Metrics;
};

/** On fewer, what WASM computes ahead it takes from the thread that executes. */
const CORES_FOR_WASM = 3;

/** A back end that has to be there and is not: throws BACKEND_UNAVAILABLE, BACKEND_LOST. */
export async function startInferenceAhead(deps: InferenceDeps): Promise<{ stop(): unknown }> {
  const { genesis, config, execution, layers, results, logger, metrics } = deps;
  const { inference } = config;
  const counted = new Int32Array(deps.counts);
  metrics.total(
    "noema_inference_results_total",
    "Results that blocks used: computed ahead of them, or by them (inline).",
    () => ["ahead", "inline"].map((where, i) => ({ of: { where }, value: counted[i] as number })),
    ["where"],
  );
  const { state, models } = await execution.forReaders();
  const isBeside = inference.backend !== "wasm";
  if (models.length === 0 || state === undefined || !(isBeside || availableParallelism() >= CORES_FOR_WASM)) {
    if (isBeside)
      logger.log("warn", "nothing is inferred ahead of time: the chain has no models, or its store has one reader", {
        backend: inference.backend,
      });
    return { stop: () => results.close() };
  }
  const thread = { genesis, state, models, inference, execution: config.execution, counts: createBesideCounts(metrics) };
  const ahead = createInferenceAhead(thread, results, logger);
  if (isBeside)
    await ahead.start().catch(async (error) => {
      await ahead.stop();
      throw error;
    });
  watchPool(layers.pool, ahead.offer);
  layers.onHeard(ahead.offer);
  layers.heads.onHead(ahead.renew);
  return ahead;
}
