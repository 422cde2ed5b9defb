/** JSON-RPC 2.0 errors with Ethereum's codes (EIP-1474, geth), and how an error of ours becomes one. */
import { isNoemaError, type NoemaError } from "@noema/core/errors";

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
export const SERVER_ERROR = -32000;
export const RESOURCE_NOT_FOUND = -32001;
const RESOURCE_UNAVAILABLE = -32002;
export const LIMIT_EXCEEDED = -32005;
/** EIP-1193: "The requested method and/or account has not been authorized by the user." */
export const UNAUTHORIZED = 4100;
/** geth's code of a call that reverted; `data` is the revert data as hex. */
export const EXECUTION_REVERTED = 3;

export type ErrorBody = { code: number; message: string; data?: unknown };

/** Thrown by a method; reaches the client as it is. */
export class RpcError extends Error {
  readonly body: ErrorBody;
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.name = "RpcError";
    this.body = data === undefined ? { code, message } : { code, message, data };
  }
}

/** An error whose `data` carries only our code and its data. */
export function typedError(code: number, type: string, message: string, data: Record<string, unknown> = {}): RpcError {
  return new RpcError(code, message, { code: type, ...data });
}

export function invalidParams(message: string): RpcError {
  return typedError(INVALID_PARAMS, "RPC_PARAMS_INVALID", message);
}

/** Codes of other packages that are not a plain server error. */
const NUMBERS: Record<string, number> = {
  LIMIT_EXCEEDED: LIMIT_EXCEEDED,
  DA_NOT_FOUND: RESOURCE_NOT_FOUND,
  HEX_INVALID: INVALID_PARAMS,
  EXEC_DIVERGED: RESOURCE_UNAVAILABLE, // clients with several nodes go to the next
  CONSENSUS_FORKED: RESOURCE_UNAVAILABLE,
};

/** The operator's business: such messages hold paths, other nodes, and words of libraries. */
const INTERNAL =
  /^(BACKEND|CONFIG|DATADIR|FILE|GENESIS|KEY|LOG|P2P|SSZ|STORE)_|^(EXEC_ENGINE_FAILED|REQUEST_FAILED|STATE_CORRUPT|WORKER_DIED)$/;

export function isForClients(error: unknown): error is NoemaError {
  return isNoemaError(error) && !INTERNAL.test(error.code);
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

/** undefined for what is not an expected error: the caller logs it and answers INTERNAL_ERROR without its text. */
export function errorBody(error: unknown): ErrorBody | undefined {
  if (error instanceof RpcError) return error.body;
  if (isForClients(error)) {
    return { code: NUMBERS[error.code] ?? SERVER_ERROR, message: error.message, data: { ...plain(error.data), code: error.code } };
  }
  return undefined;
}
