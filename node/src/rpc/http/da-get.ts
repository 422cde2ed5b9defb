/** GET /da/<id> streams an object, with ranges. */
import { Readable } from "node:stream";
import { fromHex, to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { FastifyReply, FastifyRequest } from "fastify";
import { rpcError } from "../errors.ts";
import { parseByteRange } from "./byte-range.ts";
import { type DaRouteDeps, required } from "./da-data.ts";
import { started } from "./started.ts";

/** Throws RPC_DA_ID_INVALID. */
export function parseId(text: string): Hash {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) throw rpcError("RPC_DA_ID_INVALID", "an id is 0x and 64 hex digits");
  return fromHex(text);
}

export async function retrieve(deps: DaRouteDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const data = required(deps.data);
  const id = parseId((request.params as { id: string }).id);
  const status = await data.status(id);
  const range = status === undefined ? undefined : parseByteRange(request.headers.range, status.bytes);
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const body = await started(data.retrieve(id, range?.from ?? 0, range?.to, gone.signal));
  if (!reply.hasHeader("content-type")) reply.type("application/octet-stream");
  reply.header("etag", `"${to0x(id)}"`).header("accept-ranges", "bytes");
  if (status !== undefined) reply.header("content-length", range === undefined ? status.bytes : range.to - range.from);
  if (range !== undefined) reply.code(206).header("content-range", `bytes ${range.from}-${range.to - 1}/${status?.bytes}`);
  return reply.send(Readable.from(body, { objectMode: false }));
}
