/** What a precompile answers, in the EVM's terms. A failure is a value: whatever is thrown in here is a failure of this machine. */
import { EVMError, type ExecResult, type PrecompileInput } from "@ethereumjs/evm";
import type { Bytes } from "@noema/core/ports/bytes";

export type Native = (input: PrecompileInput) => ExecResult | Promise<ExecResult>;
export type Failure = (typeof EVMError.errorMessages)[keyof typeof EVMError.errorMessages];
/** What a computation says: its output, or why there is none. */
export type Computed = Bytes | { failure: Failure };

export const FAILURE = EVMError.errorMessages;
export const NOTHING: Bytes = new Uint8Array(0);

export function returns(executionGasUsed: bigint, returnValue: Bytes): ExecResult {
  return { executionGasUsed, returnValue };
}

/** A precompile that fails takes all the gas that it was given. */
export function fails(gasLimit: bigint, failure: Failure): ExecResult {
  return { executionGasUsed: gasLimit, returnValue: NOTHING, exceptionError: new EVMError(failure) };
}

export function outcome(gas: bigint, gasLimit: bigint, computed: Computed): ExecResult {
  return "failure" in computed ? fails(gasLimit, computed.failure) : returns(gas, computed);
}
