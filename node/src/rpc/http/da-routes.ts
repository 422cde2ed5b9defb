/**
 * PUT /da publishes the body as one object and answers when its certificate is in a final block:
 * {id, bytes, state: "included" | "certified", height, seconds}. GET /da/<id> streams it back, with ranges.
 */
import { Readable } from "node:stream";
import { fromHex, to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { DataLayer, PublishProgress } from "@noema/core/ports/data";
import { daError } from "@noema/da-layer/errors";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RpcDeps } from "../deps.ts";
import { rpcError } from "../errors.ts";
import { parseByteRange } from "./byte-range.ts";
import { sendError } from "./http-error.ts";

const NAMESPACE_BYTES = 32;

type DaRouteDeps = Pick<RpcDeps, "data" | "maxObjectBytes" | "logger">;

function required(data: DataLayer | undefined): DataLayer {
  if (data === undefined) throw rpcError("RPC_DA_DISABLED", "this node has no data layer");
  return data;
}

function contentLength(request: FastifyRequest, limit: number): number {
  const length = Number(request.headers["content-length"]);
  if (!Number.isSafeInteger(length)) throw rpcError("RPC_DA_LENGTH_REQUIRED", "PUT /da needs a Content-Length");
  if (length === 0) throw rpcError("RPC_DA_QUERY_INVALID", "the body is empty");
  if (length > limit) throw rpcError("RPC_DA_TOO_LARGE", `an object has at most ${limit} bytes, this one has ${length}`);
  return length;
}

function publishOptions(request: FastifyRequest): { namespace: Bytes; expiry?: number } {
  const { namespace, expiry } = request.query as Record<string, string | undefined>;
  if (namespace !== undefined && !/^0x([0-9a-fA-F]{2}){1,32}$/.test(namespace))
    throw rpcError("RPC_DA_QUERY_INVALID", `namespace: 0x and at most ${NAMESPACE_BYTES} bytes of hex`);
  if (expiry !== undefined && !/^[0-9]{1,15}$/.test(expiry)) throw rpcError("RPC_DA_QUERY_INVALID", "expiry: a height in decimal");
  const bytes = namespace === undefined ? new Uint8Array() : fromHex(namespace);
  return expiry === undefined ? { namespace: bytes } : { namespace: bytes, expiry: Number(expiry) };
}

async function publish(deps: DaRouteDeps, request: FastifyRequest): Promise<Record<string, unknown>> {
  const { unsigned } = request.visitor;
  if (unsigned !== undefined) throw rpcError("RPC_ORIGIN_REFUSED", unsigned);
  const data = required(deps.data);
  const bytes = contentLength(request, deps.maxObjectBytes);
  const started = performance.now();
  const seconds: Record<string, number> = {};
  let last: PublishProgress | undefined;
  for await (const progress of data.publish(request.raw, { ...publishOptions(request), bytes })) {
    seconds[progress.step] = Math.round(performance.now() - started) / 1000;
    last = { ...last, ...progress };
  }
  if (last?.id === undefined) throw daError("DA_UNAVAILABLE", "publishing ended without a certificate");
  return { id: to0x(last.id), bytes, state: last.step, height: last.height ?? null, seconds };
}

function parseId(text: string): Hash {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) throw rpcError("RPC_DA_ID_INVALID", "an id is 0x and 64 hex digits");
  return fromHex(text);
}

/** Reads the first chunk at once, so that a failure before it is an answer and not a cut connection. */
async function started(chunks: AsyncIterable<Bytes>): Promise<AsyncIterable<Bytes>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let next = first; !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}

async function retrieve(deps: DaRouteDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const data = required(deps.data);
  const id = parseId((request.params as { id: string }).id);
  const status = await data.status(id);
  const range = status === undefined ? undefined : parseByteRange(request.headers.range, status.bytes);
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const body = await started(data.retrieve(id, range?.from ?? 0, range?.to, gone.signal));
  reply
    .type("application/octet-stream")
    .header("etag", `"${to0x(id)}"`)
    .header("accept-ranges", "bytes");
  if (status !== undefined) reply.header("content-length", range === undefined ? status.bytes : range.to - range.from);
  if (range !== undefined) reply.code(206).header("content-range", `bytes ${range.from}-${range.to - 1}/${status?.bytes}`);
  return reply.send(Readable.from(body, { objectMode: false }));
}

export function addDaRoutes(app: FastifyInstance, deps: DaRouteDeps): void {
  app.put("/da", async (request, reply) => {
    try {
      return await reply.type("application/json").send(JSON.stringify(await publish(deps, request)));
    } catch (error) {
      request.raw.resume(); // the rest of a refused body is drained
      return sendError(reply, error, deps.logger);
    }
  });
  app.get("/da/:id", async (request, reply) => {
    try {
      return await retrieve(deps, request, reply);
    } catch (error) {
      return sendError(reply, error, deps.logger);
    }
  });
}
