/** PUT /da (da-put.ts) and GET /da/<id> (da-get.ts); what goes wrong is an answer. */
import type { FastifyInstance } from "fastify";
import type { DaRouteDeps } from "./da-data.ts";
import { retrieve } from "./da-get.ts";
import { publish } from "./da-put.ts";
import { sendError } from "./http-error.ts";

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
