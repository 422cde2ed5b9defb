/**
 * The inference precompiles behind core's port. Each thread that runs transactions has a set of its own: models are shared
 * memory, what is laid out for the back end and the cache are the set's.
 */
import { equalBytes } from "@noema/core/bytes";
import type { PrecompileSet } from "@noema/core/ports/precompiles";
import type { InferenceBackend } from "../backend/inference-backend.ts";
import type { LoadedModel } from "../model/load.ts";
import { absentPrecompiles } from "./absent.ts";
import { createInfer, INFER_ADDRESS, inspectInference } from "./infer.ts";
import { createModelInfo } from "./model-info.ts";
import { createModelRegistry } from "./model-registry.ts";
import type { ModelSource } from "./model-source.ts";
import { createResultCache, type ResultCache } from "./result-cache.ts";

export interface PrecompileSetOptions {
  source: ModelSource;
  backend: InferenceBackend;
  /** Laid out now, not by the first call of each: for the thread that executes blocks. */
  ready?: readonly LoadedModel[];
  /** Asked before the back end, so that what a batch has filled in is not computed again. */
  cache?: ResultCache;
}

export function createPrecompileSet({ source, backend, ready = [], cache = createResultCache() }: PrecompileSetOptions): PrecompileSet {
  const registry = createModelRegistry(source, backend, ready);
  return {
    precompiles: [createModelInfo(registry), createInfer(registry, cache), ...absentPrecompiles()],
    beginBlock: (view) => registry.beginBlock(view),
    beginTx: () => ({ units: 0, warm: new Set() }),
    inspect: (address, input) => (equalBytes(address, INFER_ADDRESS) ? inspectInference(registry, input) : undefined),
  };
}
