import { type ErrorRow, isNoemaError } from "@noema/core/errors";
import { errors } from "@noema/da-layer/errors";

const ROWS: Readonly<Record<string, ErrorRow>> = errors;

/** Whether the same request may go well a little later: the row says so, the node was busy, the answer was cut, or nobody listens (then it has no code of ours). */
export function passesByItself(error: unknown): boolean {
  if (!isNoemaError(error)) return true;
  return ROWS[error.code]?.retryAfter !== undefined || ["RPC_BUSY", "CLI_REQUEST_FAILED"].includes(error.code);
}
