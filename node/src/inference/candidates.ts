/** Which transactions are worth a run ahead of time: a function whose calls never asked for an inference is tried now and then only. */
import type { Bytes } from "@noema/core/bytes";
import { toHex } from "@noema/core/bytes";
import type { Transaction } from "@noema/execution/transactions/transaction";

/** A transaction as a call. Plain transfers are none. */
export type Candidate = { sender: Bytes; to: Bytes; data: Bytes; value: bigint; gas: bigint };

/** Undefined for a plain transfer, and for what creates a contract. */
export function candidateOf({ to, data, value, gasLimit: gas }: Transaction, sender: Bytes): Candidate | undefined {
  return data.length === 0 || to === undefined ? undefined : { sender, to, data, value, gas };
}

/** What a contract's function was seen to do. Asked on the thread that the pool is on: what is not worth a run is not told to another one. */
export type Targets = {
  worth(candidate: Candidate): boolean;
  /** Its run came to an inference. */
  inferred(candidate: Candidate): void;
};

/** Contract and selector. */
const MOST_TARGETS = 4096;
/** Runs that a function has before it is known, and after each that inferred; then one of SAMPLED is made. */
const TRIALS = { unknown: 64, inferring: 1024 };
const SAMPLED = 64;
const SELECTOR_BYTES = 4;

export function createTargets(): Targets {
  /** Runs that are left, and candidates that were passed over since; the least recently seen first. */
  const seen = new Map<string, { left: number; passed: number }>();
  const entry = ({ to, data }: Candidate) => {
    const key = toHex(to) + toHex(data.subarray(0, SELECTOR_BYTES));
    const found = seen.get(key) ?? { left: TRIALS.unknown, passed: 0 };
    seen.delete(key);
    seen.set(key, found);
    if (seen.size > MOST_TARGETS) seen.delete(seen.keys().next().value as string);
    return found;
  };
  return {
    worth(candidate) {
      const found = entry(candidate);
      return found.left-- > 0 || ++found.passed % SAMPLED === 0;
    },
    inferred(candidate) {
      entry(candidate).left = TRIALS.inferring;
    },
  };
}
