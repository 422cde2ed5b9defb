import type { FastifyInstance } from "fastify";

/** Answers preflights and names the allowed origins; "*" allows every page, as development nodes do. */
export function addCors(app: FastifyInstance, origins: "*" | readonly string[]): void {
  const allowed = (origin: string | undefined) =>
    origins === "*" ? "*" : origin !== undefined && origins.includes(origin) ? origin : undefined;
  app.addHook("onRequest", async (request, reply) => {
    const origin = allowed(request.headers.origin);
    if (origin === undefined) return;
    reply.header("access-control-allow-origin", origin);
    if (origins !== "*") reply.header("vary", "origin");
    if (request.method !== "OPTIONS") return;
    reply.header("access-control-allow-methods", "GET, HEAD, POST, PUT, OPTIONS");
    reply.header("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "content-type");
    reply.header("access-control-max-age", "86400");
    return reply.code(204).send();
  });
  app.options("/*", async (_, reply) => reply.code(204).send());
}
