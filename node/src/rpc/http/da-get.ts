/**
 * GET and HEAD /da/<id> (RFC 9110): an object's bytes or one range of them. An id is of its bytes, so its ETag never changes. A holder
 * whose rows did not verify is named in `noema-wrong-rows-from`: the bytes are of others, and right. `noema-rows-read` is which rows of the
 * object were read and verified for the answer; what the node had in memory of an earlier one is not, unless the client says
 * `Cache-Control: no-cache` (RFC 9111 5.2.1.4).
 */
import { Readable } from "node:stream";
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { DataLayer } from "@noema/core/ports/data";
import { daError } from "@noema/da-layer/errors";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ByteRange, parseByteRange } from "./byte-range.ts";
import { type DaRouteDeps, required } from "./da-data.ts";
import { parseDaId } from "./da-id.ts";
import type { Downloads } from "./downloads.ts";
import { etagOf, matchesStrongly, unchanged } from "./etag.ts";
import { started } from "./started.ts";

export type DaGetDeps = DaRouteDeps & { downloads: Downloads };

type Source = { data: DataLayer; id: Hash; fresh: boolean };

async function bodyOf({ data, id, fresh }: Source, { from, to }: ByteRange, reply: FastifyReply, liars: Set<string>): Promise<Readable> {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const onRows = (slots: readonly number[]) => void reply.header("noema-rows-read", runsOf(slots));
  const body = await started(data.retrieve(id, from, to, gone.signal, { onLiar: (liar) => liars.add(liar), onRows, fresh }));
  if (liars.size > 0) reply.header("noema-wrong-rows-from", [...liars].join(", "));
  return Readable.from(body, { objectMode: false });
}

const isFresh = ({ headers }: FastifyRequest) => /(^|[\s,])no-cache([\s,]|$)/i.test(headers["cache-control"] ?? "");

/** "0-7,9": ascending; of at most 128 rows. */
function runsOf(slots: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const slot of [...slots].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && slot === last[1] + 1) last[1] = slot;
    else runs.push([slot, slot]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

/** The range to send, undefined: all. Throws RPC_RANGE_INVALID. */
function rangeOf({ headers }: FastifyRequest, etag: string, size: number, reply: FastifyReply): ByteRange | undefined {
  const { "if-range": condition } = headers;
  if (typeof condition === "string" && !matchesStrongly(condition, etag)) return undefined;
  try {
    return parseByteRange(headers.range, size);
  } catch (error) {
    reply.header("content-range", `bytes */${size}`);
    throw error;
  }
}

/** `liars`: holders whose wrong rows were met before. */
export async function retrieve(
  deps: DaGetDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  liars: Set<string> = new Set(),
): Promise<FastifyReply> {
  const data = required(deps.data);
  const id = parseDaId(request);
  const status = await data.status(id);
  if (status === undefined) throw daError("DA_NOT_FOUND", `object ${to0x(id)} is not known here or to a connected peer`);
  const { bytes: size } = status;
  const etag = etagOf(id);
  const same = unchanged(request, reply, etag);
  if (same !== undefined) return same;

  const isHead = request.method === "HEAD"; // of which RFC 9110 14.2 ignores the range
  const range = isHead ? undefined : rangeOf(request, etag, size, reply);
  const sent = range ?? { from: 0, to: size };
  if (!isHead) deps.downloads.begin(reply);
  const body = isHead ? undefined : await bodyOf({ data, id, fresh: isFresh(request) }, sent, reply, liars);
  if (!reply.hasHeader("content-type")) reply.type("application/octet-stream");
  reply
    .header("etag", etag)
    .header("accept-ranges", "bytes")
    .header("content-length", sent.to - sent.from);
  if (range !== undefined) reply.code(206).header("content-range", `bytes ${range.from}-${range.to - 1}/${size}`);
  return reply.send(body);
}
