/** For runs ahead of time: a result that is not there yet ends the run, and is told of. */
import { type Bytes, type Hash, toHex } from "@noema/core/bytes";
import { precompileError } from "../errors.ts";
import type { ResultCache } from "./result-cache.ts";

/** `missing` is called with bytes of its own, then the run throws INFERENCE_AWAITED. */
export function createAwaitingCache(cache: ResultCache, missing: (model: Hash, input: Bytes) => void): ResultCache {
  return {
    ...cache,
    resolve(model, input, run) {
      if (cache.holds(model, input)) return cache.resolve(model, input, run);
      missing(model, input.slice());
      throw precompileError("INFERENCE_AWAITED", `a result of model 0x${toHex(model)} is not there yet`, {});
    },
  };
}
