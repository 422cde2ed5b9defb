/** The rule of web/visitor.ts on every route: who is refused learns why and nothing else; who is not gets its CORS headers. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { OriginList } from "../../web/origins.ts";
import type { Door, Refusal, Visitor } from "../../web/visitor.ts";
import { errors } from "../errors.ts";
import { refusedVisitor } from "../json-rpc/response.ts";

declare module "fastify" {
  interface FastifyRequest {
    visitor: Visitor;
  }
}

/** For browsers: no answer is a page, is framed, is guessed to be a script, or is embedded by another site. Routes may say otherwise. */
function answerHeaders(origins: OriginList): Record<string, string> {
  return {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": origins.has("*") ? "cross-origin" : "same-site",
    vary: "origin",
  };
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const isRpc = request.method === "POST" && request.routeOptions.url === "/";
  return reply
    .code(errors[refusal.code].http)
    .type("application/json")
    .send(isRpc ? refusedVisitor(refusal) : JSON.stringify(refusal));
}

function answerPreflight(request: FastifyRequest, reply: FastifyReply, { unsigned }: Visitor): FastifyReply {
  reply.header("access-control-allow-methods", `GET, HEAD, POST, ${unsigned === undefined ? "PUT, " : ""}OPTIONS`);
  reply.header("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "content-type");
  reply.header("access-control-max-age", "86400");
  if (request.headers["access-control-request-private-network"] === "true") reply.header("access-control-allow-private-network", "true");
  return reply.code(204).send();
}

export function addVisitors(app: FastifyInstance, door: Door): void {
  const headers = answerHeaders(door.origins);
  app.decorateRequest("visitor");
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(headers);
    const visitor = door.visitor(request.method, request.raw.headers);
    if ("code" in visitor) return refuse(request, reply, visitor);
    request.visitor = visitor;
    if (visitor.origin === undefined) return;
    reply.header("access-control-allow-origin", visitor.origin);
    if (request.method === "OPTIONS") return answerPreflight(request, reply, visitor);
  });
  app.options("/*", async (_, reply) => reply.code(204).send());
}
