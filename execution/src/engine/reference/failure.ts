/**
 * Why the EVM stopped, in the words of Ethereum's clients (go-ethereum, core/vm/errors.go and contracts.go), which tools look for.
 * The library's own words, and the places in its state that it names, stay here. "revert" is not shown: callers turn it into
 * an error with the data.
 */
import { EVMError, type ExecResult } from "@ethereumjs/evm";

const library = EVMError.errorMessages;

const WORDS: Record<string, string> = {
  [library.REVERT]: "revert",
  [library.OUT_OF_GAS]: "out of gas",
  [library.CODESTORE_OUT_OF_GAS]: "contract creation code storage out of gas",
  [library.CODESIZE_EXCEEDS_MAXIMUM]: "max code size exceeded",
  [library.INITCODE_SIZE_VIOLATION]: "max initcode size exceeded",
  [library.INVALID_BYTECODE_RESULT]: "invalid code: must not begin with 0xef",
  [library.STACK_UNDERFLOW]: "stack underflow",
  [library.STACK_OVERFLOW]: "stack overflow",
  [library.STATIC_STATE_CHANGE]: "write protection",
  [library.CREATE_COLLISION]: "contract address collision",
  [library.INSUFFICIENT_BALANCE]: "insufficient balance for transfer",
  [library.VALUE_OVERFLOW]: "balance overflow",
  [library.BLS_12_381_INVALID_INPUT_LENGTH]: "invalid input length",
  [library.BLS_12_381_INPUT_EMPTY]: "invalid input length",
  [library.BLS_12_381_POINT_NOT_ON_CURVE]: "invalid point: not on curve",
  [library.BLS_12_381_FP_NOT_IN_FIELD]: "invalid field element",
  [library.INVALID_COMMITMENT]: "mismatched versioned hash",
  [library.INVALID_INPUTS]: "error verifying kzg proof",
  [library.INVALID_PROOF]: "error verifying kzg proof",
};

const DESIGNATED_INVALID = 0xfe; // EIP-141

export type Failed = { exceptionError?: EVMError; runState?: Pick<NonNullable<ExecResult["runState"]>, "opCode"> };

/** undefined: it did not fail. */
export function failureReason({ exceptionError, runState }: Failed): string | undefined {
  if (exceptionError === undefined) return undefined;
  const error = String(exceptionError.error);
  if (error.startsWith(library.INVALID_JUMP)) return "invalid jump destination";
  if (error === library.INVALID_OPCODE) return invalidOpcode(runState?.opCode);
  return WORDS[error] ?? "execution failed";
}

function invalidOpcode(opcode: number | undefined): string {
  if (opcode === undefined) return "invalid opcode";
  return `invalid opcode: ${opcode === DESIGNATED_INVALID ? "INVALID" : `opcode 0x${opcode.toString(16)} not defined`}`;
}
