/**
 * PUT /da publishes the body as one object and answers when its certificate is in a final block:
 * {id, bytes, state: "included" | "certified", height, seconds}.
 */
import { fromHex, to0x } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { PublishProgress } from "@noema/core/ports/data";
import { daError } from "@noema/da-layer/errors";
import type { FastifyRequest } from "fastify";
import { rpcError } from "../errors.ts";
import { bodyOf } from "./da-body.ts";
import { type DaRouteDeps, required } from "./da-data.ts";

const NAMESPACE_BYTES = 32;

function contentLength(request: FastifyRequest, limit: number): number {
  const length = Number(request.headers["content-length"]);
  if (!Number.isSafeInteger(length)) throw rpcError("RPC_DA_LENGTH_REQUIRED", "PUT /da needs a Content-Length");
  if (length === 0) throw rpcError("RPC_DA_QUERY_INVALID", "the body is empty");
  if (length > limit) throw rpcError("RPC_DA_TOO_LARGE", `an object has at most ${limit} bytes, this one has ${length}`);
  return length;
}

/** Throws RPC_DA_QUERY_INVALID. */
export function publishOptions(request: FastifyRequest): { namespace: Bytes; expiry?: number } {
  const { namespace, expiry } = request.query as Record<string, string | undefined>;
  if (namespace !== undefined && !/^0x([0-9a-fA-F]{2}){1,32}$/.test(namespace))
    throw rpcError("RPC_DA_QUERY_INVALID", `namespace: 0x and at most ${NAMESPACE_BYTES} bytes of hex`);
  if (expiry !== undefined && !/^[0-9]{1,15}$/.test(expiry)) throw rpcError("RPC_DA_QUERY_INVALID", "expiry: a height in decimal");
  const bytes = namespace === undefined ? new Uint8Array() : fromHex(namespace);
  return expiry === undefined ? { namespace: bytes } : { namespace: bytes, expiry: Number(expiry) };
}

/** A step of one object; the last is "included". `validator`: who has just signed. */
export type ObjectLine = {
  state: PublishProgress["step"];
  done: number;
  seconds: number;
  id?: string;
  height?: number;
  validator?: number;
  bytes: number;
};

/** Throws what publishing throws. */
export async function* putObject(deps: DaRouteDeps, request: FastifyRequest): AsyncIterable<ObjectLine> {
  const { unsigned } = request.visitor;
  if (unsigned !== undefined) throw rpcError("RPC_ORIGIN_REFUSED", unsigned);
  const data = required(deps.data);
  const bytes = contentLength(request, deps.maxObjectBytes);
  const started = performance.now();
  for await (const { step, id, ...progress } of data.publish(bodyOf(request), { ...publishOptions(request), bytes, from: request.ip }))
    yield {
      state: step,
      ...progress,
      ...(id === undefined ? {} : { id: to0x(id) }),
      bytes,
      seconds: Math.round(performance.now() - started) / 1000,
    };
}

/** `seconds`: when each step was reached; "preparing": when what encodes was loaded. */
export async function publish(deps: DaRouteDeps, request: FastifyRequest): Promise<Record<string, unknown>> {
  const seconds: Record<string, number> = {};
  let last: ObjectLine | undefined;
  for await (const line of putObject(deps, request)) {
    seconds[line.state] = line.seconds;
    last = { ...last, ...line };
  }
  if (last?.id === undefined) throw daError("DA_UNAVAILABLE", "publishing ended without a certificate");
  const { id, bytes, state, height = null } = last;
  return { id, bytes, state, height, seconds };
}
