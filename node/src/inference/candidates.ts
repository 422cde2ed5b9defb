/** Which transactions are worth a run ahead of time: a contract whose calls never asked for an inference is tried less and less. */
import type { Bytes } from "@noema/core/bytes";
import { toHex } from "@noema/core/bytes";
import type { Transaction } from "@noema/execution/transactions/transaction";

/** A transaction as a call. Plain transfers are none. */
export type Candidate = { sender: Bytes; to: Bytes; data: Bytes; value: bigint; gas: bigint };

/** Undefined for a plain transfer, and for what creates a contract. */
export function candidateOf({ to, data, value, gasLimit: gas }: Transaction, sender: Bytes): Candidate | undefined {
  return data.length === 0 || to === undefined ? undefined : { sender, to, data, value, gas };
}

export type Targets = {
  /** Whether it should be run now. */
  worth(candidate: Candidate): boolean;
  ran(candidate: Candidate, inferred: boolean): void;
};

/** Contract and selector. */
const MOST_TARGETS = 4096;
/** Runs without an inference until only one of SAMPLED is made. */
const TRIALS = 4;
const SAMPLED = 64;
const SELECTOR_BYTES = 4;

export function createTargets(): Targets {
  /** Since the last run with an inference: runs, and candidates that were passed over; least recently seen first. */
  const seen = new Map<string, { runs: number; passed: number }>();
  const entry = ({ to, data }: Candidate) => {
    const key = toHex(to) + toHex(data.subarray(0, SELECTOR_BYTES));
    const found = seen.get(key) ?? { runs: 0, passed: 0 };
    seen.delete(key);
    seen.set(key, found);
    if (seen.size > MOST_TARGETS) seen.delete(seen.keys().next().value as string);
    return found;
  };
  return {
    worth(candidate) {
      const found = entry(candidate);
      return found.runs < TRIALS || ++found.passed % SAMPLED === 0;
    },
    ran(candidate, inferred) {
      const found = entry(candidate);
      found.runs = inferred ? 0 : found.runs + 1;
    },
  };
}
