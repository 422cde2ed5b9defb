/** Results by (modelId, sha256 of the input), least recently used out first. A result never goes stale: it is a pure function. */
import { type Bytes, toHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { RunnableModel } from "../backend/inference-backend.ts";

export interface ResultCache {
  /** The caller owns the bytes. */
  resolve(model: RunnableModel, input: Bytes): Bytes;
  readonly size: number;
}

/** Outputs are bounded by entries and by bytes; 4,096 digits take under 1 MB. */
export const CACHE_LIMITS = { entries: 4096, bytes: 16 * 2 ** 20 };

export function createResultCache(limits: { entries: number; bytes: number } = CACHE_LIMITS): ResultCache {
  const results = new Map<string, Bytes>();
  let bytes = 0;
  const forget = (key: string) => {
    bytes -= results.get(key)?.length ?? 0;
    results.delete(key);
  };
  const remember = (key: string, output: Bytes) => {
    results.set(key, output);
    bytes += output.length;
    for (const oldest of results.keys()) {
      if (results.size <= limits.entries && bytes <= limits.bytes) break;
      forget(oldest);
    }
  };
  return {
    get size() {
      return results.size;
    },
    resolve(model, input) {
      const key = toHex(model.loaded.id) + toHex(sha256(input));
      const output = results.get(key) ?? model.run(input);
      forget(key);
      remember(key, output);
      return output.slice();
    },
  };
}
