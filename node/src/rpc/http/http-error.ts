/** Errors of the HTTP faces that are no JSON-RPC: `{code, message, data?}` with the status of the code's row. */
import { isNoemaError } from "@noema/core/errors";
import type { Logger } from "@noema/core/ports/logger";
import type { FastifyReply } from "fastify";
import { rowOf } from "../../error-rows.ts";

/** Rethrows what has no status: the server logs it and answers RPC_INTERNAL. */
export function sendError(reply: FastifyReply, error: unknown, logger: Logger): FastifyReply {
  const row = isNoemaError(error) ? rowOf(error.code) : undefined;
  if (!isNoemaError(error) || row?.http === undefined) throw error;
  if (row.retryAfter !== undefined) reply.header("retry-after", row.retryAfter);
  return reply
    .code(row.http)
    .type("application/json")
    .send(JSON.stringify(refusalOf(error, logger), (_, value) => (typeof value === "bigint" ? String(value) : value)));
}

/** The same where the answer has begun already: what has no status is logged, and says only RPC_INTERNAL. */
export function refusalOf(error: unknown, logger: Logger): { code: string; message: string; data?: unknown } {
  const row = isNoemaError(error) ? rowOf(error.code) : undefined;
  const told = isNoemaError(error) && row?.http !== undefined;
  if (!told || row.private) logger.log("warn", "http request failed", { error });
  if (!told) return { code: "RPC_INTERNAL", message: "internal error" };
  if (row.private) return { code: error.code, message: row.means };
  const data = Object.keys(error.data).length === 0 ? undefined : error.data; // of an object that goes on: its id
  return { code: error.code, message: error.message, data };
}
