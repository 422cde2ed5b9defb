/** Outcomes of calls as Ethereum's errors: code 3 with the revert data, -32000 for other failures of the EVM. */
import { to0x } from "@noema/core/bytes";
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { errors, execError } from "@noema/execution/errors";
import { revertReason } from "@noema/execution/trace/revert-reason";
import { RpcError } from "../json-rpc/error.ts";

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
