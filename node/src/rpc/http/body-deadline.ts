/**
 * The time in which the body of a request has to come. Node's own limit is one for all requests: an upload, which has a pace to keep instead
 * (da-layer/src/blob/uploads.ts), may take as long as that lets it, and has this time for the rest of a body that nobody reads any more.
 */
import type { Clock } from "@noema/core/ports/clock";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refuseConnection } from "./malformed-request.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who reads the body ends one that comes too slowly. */
    readsByPace?: boolean;
  }
}

const BODY_MS = 300_000;

/** Before whatever else hears of a request. */
export function limitBodies(app: FastifyInstance, clock: Clock): void {
  const begin = ({ raw }: FastifyRequest, reply: FastifyReply) => {
    const { headers, complete, socket } = raw;
    if (complete || (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined)) return;
    const cancel = clock.after(BODY_MS, () => {
      if (reply.raw.headersSent) socket.destroy();
      else refuseConnection({ code: "ERR_HTTP_REQUEST_TIMEOUT" }, socket);
    });
    raw.once("end", cancel).once("close", cancel);
  };
  app.addHook("onRequest", async (request, reply) => {
    if (!request.routeOptions.config.readsByPace) begin(request, reply);
  });
  app.addHook("onResponse", async (request, reply) => {
    if (request.routeOptions.config.readsByPace) begin(request, reply);
  });
}
