/** POST /: JSON-RPC. Every outcome of the protocol is HTTP 200; a body above the limit is 413 with a JSON-RPC error. Any content type. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Asker, asked } from "../asker.ts";
import { errors } from "../errors.ts";
import type { Dispatcher } from "../json-rpc/dispatch.ts";
import { bodyTooLarge } from "../json-rpc/response.ts";
import { readBody } from "./body.ts";

export function addJsonRpcRoute(app: FastifyInstance, dispatch: Dispatcher, maxBodyBytes: number): void {
  app.post("/", async (request, reply) => {
    const read = await readBody(request.raw, maxBodyBytes);
    reply.type("application/json");
    if ("tooLarge" in read) return reply.code(errors.RPC_LIMIT.http).send(bodyTooLarge(read.tooLarge, maxBodyBytes));
    const answer = await asked(askerOf(request, reply), () => dispatch(read.body, request.visitor));
    return answer === undefined ? reply.code(204).send() : reply.send(answer);
  });
}

/** Both are made for who needs them: a controller and an address cost as much as reading a request. */
function askerOf(request: FastifyRequest, reply: FastifyReply): Asker {
  let gone: AbortController | undefined;
  return {
    get client() {
      return request.ip;
    },
    get gone() {
      gone ??= goneOf(reply);
      return gone.signal;
    },
  };
}

function goneOf({ raw }: FastifyReply): AbortController {
  const gone = new AbortController();
  if (raw.destroyed) gone.abort();
  raw.once("close", () => raw.writableFinished || gone.abort());
  return gone;
}
