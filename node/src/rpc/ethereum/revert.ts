/** Outcomes of calls as Ethereum's errors: code 3 with the revert data, -32000 for other failures of the EVM. */
import { bytesToBigInt, to0x } from "@noema/core/bytes";
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { errors, execError } from "@noema/execution/errors";
import { RpcError } from "../json-rpc/error.ts";

const ERROR_STRING = "0x08c379a0";
const PANIC = "0x4e487b71";
/** Solidity's panic codes in geth's words. */
const PANICS: Record<string, string> = {
  "0": "generic panic",
  "1": "assert(false)",
  "11": "arithmetic underflow or overflow",
  "12": "division or modulo by zero",
  "21": "enum overflow",
  "22": "invalid encoded storage byte array accessed",
  "31": "out-of-bounds array access; popping on an empty array",
  "32": "out-of-bounds access of an array or bytesN",
  "41": "out of memory",
  "51": "uninitialized function",
};

/** The reason of `Error(string)` or `Panic(uint256)`; undefined for custom errors and what does not decode. */
export function revertReason(output: Bytes): string | undefined {
  const selector = to0x(output.subarray(0, 4));
  if (selector === PANIC && output.length === 36) return panicReason(bytesToBigInt(output.subarray(4)).toString(16));
  if (selector !== ERROR_STRING || output.length < 68) return undefined;
  const length = bytesToBigInt(output.subarray(36, 68));
  if (length > BigInt(output.length - 68)) return undefined;
  return Buffer.from(output.subarray(68, 68 + Number(length))).toString("utf8");
}

function panicReason(code: string): string {
  return PANICS[code] ?? `unknown panic code: 0x${code}`;
}

export function revertError(output: Bytes): RpcError {
  const reason = revertReason(output);
  return new RpcError(
    errors.CALL_REVERTED.rpc,
    reason === undefined ? "execution reverted" : `execution reverted: ${reason}`,
    to0x(output),
  );
}

/** A failure that is no revert: out of gas, invalid opcode, ... */
export function callFailed(reason: string | undefined): NoemaError {
  return execError("CALL_FAILED", reason ?? "execution failed");
}

/** Rethrows; CALL_REVERTED with its output becomes Ethereum's error. */
export function rethrowCallError(error: unknown): never {
  if (isNoemaError(error, "CALL_REVERTED")) {
    const output = error.data.output;
    throw revertError(output instanceof Uint8Array ? output : new Uint8Array());
  }
  throw error;
}
