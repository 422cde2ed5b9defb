/** What a precompile answers, in no library's terms. A failure is a value: whatever is thrown in here is a failure of this machine. */
import type { Bytes } from "@noema/core/ports/bytes";

export type NativeInput = { data: Bytes; gasLimit: bigint };
/** `failure`: it takes all the gas that it was given, and returns nothing. */
export type NativeOutcome = { gasUsed: bigint; output: Bytes; failure?: Failure };
/** A promise only while what it needs is loaded. */
export type Native = (input: NativeInput) => NativeOutcome | Promise<NativeOutcome>;
export type Failure =
  | "OUT_OF_GAS"
  | "OUT_OF_RANGE"
  | "REVERT"
  | "INVALID_INPUT_LENGTH"
  | "INVALID_INPUTS"
  | "INVALID_COMMITMENT"
  | "INVALID_PROOF"
  | "BN254_FP_NOT_IN_FIELD"
  | "BLS_12_381_INVALID_INPUT_LENGTH"
  | "BLS_12_381_INPUT_EMPTY"
  | "BLS_12_381_FP_NOT_IN_FIELD"
  | "BLS_12_381_POINT_NOT_ON_CURVE";
/** What a computation says: its output, or why there is none. */
export type Computed = Bytes | { failure: Failure };

export const NOTHING: Bytes = new Uint8Array(0);

export function returns(gasUsed: bigint, output: Bytes): NativeOutcome {
  return { gasUsed, output };
}

export function fails(gasLimit: bigint, failure: Failure): NativeOutcome {
  return { gasUsed: gasLimit, output: NOTHING, failure };
}

export function outcome(gas: bigint, gasLimit: bigint, computed: Computed): NativeOutcome {
  return "failure" in computed ? fails(gasLimit, computed.failure) : returns(gas, computed);
}
