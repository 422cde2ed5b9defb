/** GET /da/<id> streams an object, with ranges. */
import { Readable } from "node:stream";
import { fromHex, to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { FastifyReply, FastifyRequest } from "fastify";
import { rpcError } from "../errors.ts";
import { parseByteRange } from "./byte-range.ts";
import { type DaRouteDeps, required } from "./da-data.ts";

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

export async function retrieve(deps: DaRouteDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
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
