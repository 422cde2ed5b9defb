/** PUT /da, GET and HEAD /da/<id>, of objects (da-put.ts, da-get.ts) and of files (put-file.ts, get-file.ts); what goes wrong is an answer. */
import { isNoemaError } from "@noema/core/errors";
import { createUploads } from "@noema/da-layer/blob/uploads";
import type { FastifyInstance } from "fastify";
import type { DaRouteDeps } from "./da-data.ts";
import { createDownloads } from "./downloads.ts";
import { createFileGetter } from "./get-file.ts";
import { sendError } from "./http-error.ts";
import { answerPut } from "./put-file.ts";

export function addDaRoutes(app: FastifyInstance, deps: DaRouteDeps): void {
  const uploads = createUploads(deps.clock);
  app.put("/da", { config: { readsByPace: true } }, async (request, reply) => {
    try {
      return await answerPut({ ...deps, uploads }, request, reply);
    } catch (error) {
      request.raw.resume(); // the rest of a refused body is drained
      if (isNoemaError(error, "DA_STALLED")) reply.header("connection", "close"); // RFC 9110 15.5.9
      return sendError(reply, error, deps.logger);
    }
  });
  app.get("/da", async (_, reply) => reply.type("application/json").send(JSON.stringify({ maxObjectBytes: deps.maxObjectBytes })));
  const get = createFileGetter({ ...deps, downloads: createDownloads(deps.clock) });
  for (const url of ["/da/:id", "/da/:id/*"])
    app.route({
      method: ["HEAD", "GET"],
      url,
      exposeHeadRoute: false, // which would read the object to throw it away
      handler: async (request, reply) => {
        try {
          return await get(request, reply);
        } catch (error) {
          return sendError(reply, error, deps.logger);
        }
      },
    });
}
