/** Results by (modelId, sha256 of the input), least recently used out first. A result never goes stale: it is a pure function. */
import { type Bytes, type Hash, toHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";

export interface ResultCache {
  /** Held, or run now. The caller owns the bytes. */
  resolve(model: Hash, input: Bytes, run: () => Bytes): Bytes;
  holds(model: Hash, input: Bytes): boolean;
  /** What a run elsewhere gave, bit for bit what a run here would. */
  fill(model: Hash, input: Bytes, output: Bytes): void;
  /** All that was filled in: what gave it is not trusted any more. */
  dropFilled(): void;
  /** Results that `resolve` took from what was filled in, and that it ran. */
  readonly counts: { filled: number; ran: number };
  readonly size: number;
}

/** Outputs are bounded by entries and by bytes; 4,096 digits take under 1 MB. */
const CACHE_LIMITS = { entries: 4096, bytes: 16 * 2 ** 20 };

const keyOf = (model: Hash, input: Bytes) => toHex(model) + toHex(sha256(input));

export function createResultCache(limits: { entries: number; bytes: number } = CACHE_LIMITS): ResultCache {
  const results = new Map<string, Bytes>();
  const filled = new Set<string>();
  const counts = { filled: 0, ran: 0 };
  let bytes = 0;
  const forget = (key: string) => {
    bytes -= results.get(key)?.length ?? 0;
    results.delete(key);
    filled.delete(key);
  };
  const remember = (key: string, output: Bytes) => {
    forget(key);
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
    resolve(model, input, run) {
      const key = keyOf(model, input);
      const held = results.get(key);
      const isFilled = filled.has(key);
      if (held === undefined) counts.ran++;
      if (isFilled) counts.filled++;
      const output = held ?? run();
      remember(key, output);
      if (isFilled) filled.add(key);
      return output.slice();
    },
    holds: (model, input) => results.has(keyOf(model, input)),
    fill(model, input, output) {
      const key = keyOf(model, input);
      if (results.has(key)) return; // computed here
      remember(key, output);
      filled.add(key);
    },
    dropFilled() {
      for (const key of [...filled]) forget(key);
    },
    counts,
  };
}
