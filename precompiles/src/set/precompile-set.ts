/** The inference precompiles behind core's port: synchronous, pure, on the thread that executes blocks. */
import { type Bytes, equalBytes } from "@noema/core/bytes";
import type { PrecompileOutcome, PrecompileSet } from "@noema/core/ports/precompiles";
import type { InferenceBackend } from "../backend/inference-backend.ts";
import { INFER_ADDRESS, MODEL_INFO_ADDRESS } from "./addresses.ts";
import { createCallBudget } from "./call-budget.ts";
import { runInfer } from "./infer.ts";
import { runModelInfo } from "./model-info.ts";
import { createModelRegistry, type ModelRecord } from "./model-registry.ts";
import { CACHE_LIMITS, createResultCache } from "./result-cache.ts";

export interface PrecompileSetOptions {
  models: readonly ModelRecord[];
  backend: InferenceBackend;
  cache?: { entries: number; bytes: number };
}

export function createPrecompileSet({ models, backend, cache: limits = CACHE_LIMITS }: PrecompileSetOptions): PrecompileSet {
  const registry = createModelRegistry(models, (model) => backend.load(model));
  const budget = createCallBudget();
  const cache = createResultCache(limits);
  const parts = { registry, budget, cache };
  return {
    addresses: [MODEL_INFO_ADDRESS, INFER_ADDRESS],
    beginBlock: (height) => registry.beginBlock(height),
    beginTx: () => budget.beginTx(),
    run(address: Bytes, input: Bytes, gas: number): PrecompileOutcome {
      if (equalBytes(address, INFER_ADDRESS)) return runInfer(parts, input, gas);
      if (equalBytes(address, MODEL_INFO_ADDRESS)) return runModelInfo(registry, input, gas);
      return { ok: false };
    },
  };
}
