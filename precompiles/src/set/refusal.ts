/**
 * What a call of a precompile that cannot be answered gives: it reverts with one word that says why (inference.md section 5),
 * costs what finding out cost, and leaves the rest of the gas.
 */
import { bigIntToBytes } from "@noema/core/bytes";
import type { PrecompileOutcome } from "@noema/core/ports/precompiles";

/** A number never changes its meaning: contracts compare them. */
const REASONS = {
  /** No model of this id is registered. */
  UNKNOWN_MODEL: 1,
  /** It is registered, and not active yet. */
  INACTIVE_MODEL: 2,
  /** The call has another length than the id and the model's input. */
  WRONG_LENGTH: 3,
  /** The call was given less gas than it costs. */
  TOO_LITTLE_GAS: 4,
  /** The calls of this transaction would do more work than one may. */
  TRANSACTION_CAP: 5,
  /** There is no precompile at this address of the range. */
  NO_PRECOMPILE: 6,
} as const;

export function refusal(reason: keyof typeof REASONS, gasUsed: number): PrecompileOutcome {
  return { ok: false, output: bigIntToBytes(BigInt(REASONS[reason]), 32), gasUsed };
}
