import type { Bytes } from "@noema/core/bytes";
import type { BatchBackend } from "../backend/batch-backend.ts";
import type { LoadedModel } from "../model/load.ts";
import type { ResultCache } from "./result-cache.ts";

export type Prefetch = (model: LoadedModel, inputs: readonly Bytes[]) => Promise<void>;

/**
 * Computes results before a block asks for them, into the cache that a precompile set asks first. Gas and bytes are the same
 * either way; what has not come in time the set computes itself. Rejects as `submit` does: nothing is lost.
 */
export function createPrefetch(batch: BatchBackend, cache: ResultCache): Prefetch {
  return async (model, inputs) => {
    const missing = inputs.filter((input) => !cache.holds(model.id, input));
    if (missing.length === 0) return;
    const outputs = await batch.submit(model, missing);
    for (const [i, input] of missing.entries()) cache.fill(model.id, input, outputs[i]!);
  };
}
