/** One request of JSON-RPC 2.0, as its members say it. */
import { type ErrorBody, refusedBody } from "./error.ts";
import { idOf, type RequestId } from "./request-id.ts";

/** Without an id: a notification, which gets no answer. */
export type Call = { id: RequestId | undefined; method: string; params: readonly unknown[] };
export type BadRequest = { id: RequestId; error: ErrorBody };

export function parseRequest(request: unknown): Call | BadRequest {
  if (typeof request !== "object" || request === null || Array.isArray(request))
    return { id: null, error: invalid("a request is an object") };
  const { method, params, jsonrpc, id: given } = request as Record<string, unknown>;
  const id = idOf(request);
  if (given !== undefined && id === undefined) return { id: null, error: invalid("id is a short string, a number or null") };
  if (jsonrpc !== "2.0") return { id: id ?? null, error: invalid('jsonrpc must be "2.0"') };
  if (typeof method !== "string") return { id: id ?? null, error: invalid("method is a string") };
  if (params === undefined || params === null) return { id, method, params: [] };
  if (Array.isArray(params)) return { id, method, params };
  return { id: id ?? null, error: refusedBody("RPC_PARAMS_INVALID", "params must be an array (positional)") };
}

export function invalid(message: string): ErrorBody {
  return refusedBody("RPC_REQUEST_INVALID", `invalid request: ${message}`);
}
