/**
 * For who samples (da.md 2, sampling): GET /da-cells/<id>/facts is what describes the object and its certificate, as JSON; GET
 * /da-cells/<id>/cells?slot=..&cells=..,.. gives cells of a row, each followed by its proof, also of a row that another node holds.
 */

import { daError } from "@noema/da-layer/errors";
import type { SamplingFace } from "@noema/da-layer/sampling/cell-server";
import { MAX_CELLS_ASKED } from "@noema/da-layer/sampling/cells";
import { renderFacts } from "@noema/da-layer/sampling/facts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RpcDeps } from "../deps.ts";
import { rpcError } from "../errors.ts";
import { parseDaId } from "./da-id.ts";
import { sendError } from "./http-error.ts";

type CellRouteDeps = Pick<RpcDeps, "sampling" | "logger">;

function required(sampling: SamplingFace | undefined): SamplingFace {
  if (sampling === undefined) throw rpcError("RPC_DA_DISABLED", "this node has no data layer");
  return sampling;
}

/** Aborted when the client leaves. */
function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  return gone.signal;
}

const DECIMAL = /^(0|[1-9][0-9]{0,3})$/;

/** `slot` and `cells`, once each, in decimal without leading zeros. Their order and bounds are checked behind. */
function parsePlaces(query: unknown): { slot: number; cells: number[] } {
  const { slot, cells, ...others } = query as Record<string, unknown>;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw rpcError("RPC_DA_QUERY_INVALID", `${unknown.slice(0, 40)} is no member of this query`);
  if (typeof slot !== "string" || !DECIMAL.test(slot)) throw rpcError("RPC_DA_QUERY_INVALID", "slot: one number in decimal");
  const list = typeof cells === "string" ? cells.split(",", MAX_CELLS_ASKED + 1) : [];
  if (list.length === 0 || !list.every((x) => DECIMAL.test(x)))
    throw rpcError("RPC_DA_QUERY_INVALID", `cells: 1 to ${MAX_CELLS_ASKED} numbers in decimal, a comma between them`);
  return { slot: Number(slot), cells: list.map(Number) };
}

function refuseQuery(query: unknown): void {
  if (Object.keys(query as object).length > 0) throw rpcError("RPC_DA_QUERY_INVALID", "facts take no query");
}

async function sendFacts(deps: CellRouteDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const id = parseDaId(request);
  refuseQuery(request.query);
  const sampled = await required(deps.sampling).sampled(id, untilGone(reply));
  if (sampled === undefined) throw daError("DA_NOT_FOUND", "the object is not known here or to a connected peer");
  const { object, ...rest } = sampled;
  return reply.type("application/json").send(JSON.stringify(renderFacts({ ...object, ...rest })));
}

async function sendCells(deps: CellRouteDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const id = parseDaId(request);
  const { slot, cells } = parsePlaces(request.query);
  const answer = await required(deps.sampling).cells(request.ip, id, slot, cells, untilGone(reply));
  return reply.type("application/octet-stream").send(Buffer.concat(answer));
}

export function addDaCellRoutes(app: FastifyInstance, deps: CellRouteDeps): void {
  for (const [path, answer] of [
    ["/da-cells/:id/facts", sendFacts],
    ["/da-cells/:id/cells", sendCells],
  ] as const)
    app.get(path, async (request, reply) => {
      try {
        return await answer(deps, request, reply);
      } catch (error) {
        return sendError(reply, error, deps.logger);
      }
    });
}
