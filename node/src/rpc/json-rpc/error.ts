/** JSON-RPC 2.0 errors with Ethereum's codes (EIP-1474, geth), and how an error of ours becomes one. */
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import { rowOf } from "../../error-rows.ts";
import { type errors, rpcError } from "../errors.ts";

export type ErrorBody = { code: number; message: string; data?: unknown };

/** Thrown by a method; reaches the client as it is: what Ethereum gives another form than ours. */
export class RpcError extends Error {
  readonly body: ErrorBody;
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.name = "RpcError";
    this.body = data === undefined ? { code, message } : { code, message, data };
  }
}

export function invalidParams(message: string): NoemaError {
  return rpcError("RPC_PARAMS_INVALID", message);
}

/** Bytes and bigints as JSON has them. */
function plain(data: Record<string, unknown>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    if (value instanceof Uint8Array) out[key] = `0x${Buffer.from(value).toString("hex")}`;
    else if (typeof value === "bigint") out[key] = `0x${value.toString(16)}`;
    else if (value === null || ["string", "number", "boolean"].includes(typeof value)) out[key] = value;
  }
  return out;
}

/** Codes of ours whose rows have a number. */
type RpcCode = { [C in keyof typeof errors]: (typeof errors)[C] extends { rpc: number } ? C : never }[keyof typeof errors];

/** What a request is answered that was refused before its method ran. */
export function refusedBody(code: RpcCode, message: string, data: Record<string, unknown> = {}): ErrorBody {
  return typedBody(code, message, data) as ErrorBody;
}

function typedBody(code: string, message: string, data: Record<string, unknown>): ErrorBody | undefined {
  const row = rowOf(code);
  if (row?.rpc === undefined) return undefined;
  return row.private ? { code: row.rpc, message: row.means, data: { code } } : { code: row.rpc, message, data: { ...plain(data), code } };
}

/** Its own text is for the log. */
export function isPrivate(error: unknown): boolean {
  return isNoemaError(error) && rowOf(error.code)?.private === true;
}

/** undefined for what is not told to clients: the caller logs it and answers RPC_INTERNAL without its text. */
export function errorBody(error: unknown): ErrorBody | undefined {
  if (error instanceof RpcError) return error.body;
  return isNoemaError(error) ? typedBody(error.code, error.message, error.data) : undefined;
}
