/** POST /: JSON-RPC. Every outcome of the protocol is HTTP 200; a body above the limit is 413 with a JSON-RPC error. Any content type. */
import type { FastifyInstance } from "fastify";
import { asked } from "../asker.ts";
import { errors } from "../errors.ts";
import type { Dispatcher } from "../json-rpc/dispatch.ts";
import { bodyTooLarge } from "../json-rpc/response.ts";
import { readBody } from "./body.ts";

export function addJsonRpcRoute(app: FastifyInstance, dispatch: Dispatcher, maxBodyBytes: number): void {
  app.post("/", async (request, reply) => {
    const read = await readBody(request.raw, maxBodyBytes);
    reply.type("application/json");
    if ("tooLarge" in read) return reply.code(errors.RPC_LIMIT.http).send(bodyTooLarge(read.tooLarge, maxBodyBytes));
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    const by = { client: request.ip, gone: gone.signal };
    const answer = await asked(by, () => dispatch(read.body.toString("utf8"), request.visitor));
    return answer === undefined ? reply.code(204).send() : reply.send(answer);
  });
}
