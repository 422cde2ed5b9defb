/** Errors of the HTTP faces that are no JSON-RPC: `{code, message}` with the status of the code's row. */
import { isNoemaError } from "@noema/core/errors";
import type { Logger } from "@noema/core/ports/logger";
import type { FastifyReply } from "fastify";
import { rowOf } from "../../error-rows.ts";

/** Rethrows what has no status: the server logs it and answers RPC_INTERNAL. */
export function sendError(reply: FastifyReply, error: unknown, logger: Logger): FastifyReply {
  const row = isNoemaError(error) ? rowOf(error.code) : undefined;
  if (!isNoemaError(error) || row?.http === undefined) throw error;
  if (row.private) logger.log("warn", "http request failed", { error });
  if (row.retryAfter !== undefined) reply.header("retry-after", row.retryAfter);
  const body = { code: error.code, message: row.private ? row.means : error.message };
  return reply.code(row.http).type("application/json").send(JSON.stringify(body));
}
