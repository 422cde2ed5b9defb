/** Errors of the HTTP faces that are no JSON-RPC: `{code, message, ...data}` with a status. */
import type { FastifyReply } from "fastify";
import { isForClients } from "../json-rpc/error.ts";

const STATUS: Record<string, number> = {
  DA_BUSY: 503,
  DA_NOT_FOUND: 404,
  DA_UNAVAILABLE: 503,
  DA_ARGUMENT_INVALID: 400,
  DA_LENGTH_MISMATCH: 400,
  DA_NOT_VALIDATOR: 503,
  DA_TOO_LARGE: 413,
  DA_UNCERTIFIED: 503,
  RPC_DA_DISABLED: 501,
  RPC_DA_ID_INVALID: 400,
  RPC_DA_LENGTH_REQUIRED: 411,
  RPC_DA_TOO_LARGE: 413,
  RPC_DA_QUERY_INVALID: 400,
  RPC_ORIGIN_REFUSED: 403,
  RPC_RANGE_INVALID: 416,
};

export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  if (!isForClients(error)) throw error;
  const { code, message } = error;
  return reply
    .code(STATUS[code] ?? 500)
    .type("application/json")
    .send(JSON.stringify({ code, message }));
}
