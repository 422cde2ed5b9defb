/** What the head of a PUT /da says of its body, as RFC 9110 has it, and the body as a stream. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { FastifyReply, FastifyRequest } from "fastify";
import { rpcError } from "../errors.ts";

const MEMBERS = ["namespace", "expiry", "name", "raw"];

/** Throws RPC_DA_QUERY_INVALID, RPC_DA_ENCODING_UNKNOWN, RPC_HTTP_INVALID: what is not understood is not ignored. */
export function refuseUnknown(request: FastifyRequest, reply: FastifyReply): void {
  for (const [member, value] of Object.entries(request.query as Record<string, unknown>)) {
    if (!MEMBERS.includes(member)) throw rpcError("RPC_DA_QUERY_INVALID", `${member.slice(0, 40)}: there are ${MEMBERS.join(", ")}`);
    if (typeof value !== "string") throw rpcError("RPC_DA_QUERY_INVALID", `${member} stands there twice`);
  }
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== "identity") {
    reply.header("accept-encoding", "identity"); // RFC 9110 15.5.16
    throw rpcError("RPC_DA_ENCODING_UNKNOWN", `Content-Encoding ${encoding.slice(0, 40)}`);
  }
  // RFC 9110 14.5: a part would else be taken for the whole
  if (request.headers["content-range"] !== undefined) throw rpcError("RPC_HTTP_INVALID", "Content-Range: an object is put whole");
}

/** Who stops reading leaves the connection open, so that the answer can leave. */
export function bodyOf(request: FastifyRequest): AsyncIterable<Bytes> {
  return request.raw.iterator({ destroyOnReturn: false });
}
