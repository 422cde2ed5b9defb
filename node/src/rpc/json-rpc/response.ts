/** One answer of JSON-RPC 2.0, as text. */
import type { Refusal } from "../../web/visitor.ts";
import { type ErrorBody, refusedBody } from "./error.ts";
import type { RequestId } from "./request-id.ts";

/** A result as JSON text: what cannot be written as JSON is a fault of the method, not of the answer. */
export type Outcome = { json: string } | { error: ErrorBody };

export function respond(id: RequestId | undefined, outcome: Outcome): string {
  const body = "json" in outcome ? `"result":${outcome.json}` : `"error":${JSON.stringify(outcome.error)}`;
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id ?? null)},${body}}`;
}

export function tooLarge(what: string, value: number, limit: number, unit: string): ErrorBody {
  return refusedBody("RPC_LIMIT", `${what} too large: ${value} ${unit}, at most ${limit}`, { value, limit });
}

/** The answer to a request that was refused unread. */
export function refusedVisitor({ code, message }: Refusal): string {
  return respond(null, { error: refusedBody(code, message) });
}

/** The answer to a body above the limit, which was not parsed. */
export function bodyTooLarge(bytes: number, limit: number): string {
  return respond(null, { error: tooLarge("request body", bytes, limit, "bytes") });
}
