/**
 * GET /state: a development chain's accounts, code and slots as a stream (dump/format.ts of execution). PUT /state: such a file, or anvil's, becomes the
 * state; answers {accounts, height, stateRoot}.
 */
import { Readable } from "node:stream";
import { to0x } from "@noema/core/bytes";
import { writeDump } from "@noema/execution/dump/write";
import type { FastifyInstance, FastifyReply } from "fastify";
import { refusal } from "../../diverged/gate.ts";
import { loadState } from "../controls/load-state.ts";
import type { RpcDeps } from "../deps.ts";
import { rpcError } from "../errors.ts";
import { bodyOf } from "./da-body.ts";
import { sendError } from "./http-error.ts";
import { started } from "./started.ts";

/** Uploads at once: one of anvil's is held whole, 65 MB, until its end has come. */
const MAX_UPLOADS = 4;

/** None where the chain is not for development. */
export function addStateRoutes(app: FastifyInstance, { execution, chainId, operations, gate, logger }: RpcDeps): void {
  if (operations === undefined) return;
  let uploads = 0;

  /** What goes wrong is an answer. */
  async function answered(reply: FastifyReply, answer: () => Promise<FastifyReply>): Promise<FastifyReply> {
    try {
      const by = gate?.closed();
      if (by !== undefined) throw refusal(by);
      return await answer();
    } catch (error) {
      return sendError(reply, error, logger);
    }
  }

  app.get("/state", { exposeHeadRoute: false }, (_, reply) =>
    answered(reply, async () => reply.type("application/octet-stream").send(Readable.from(await started(writeDump(execution, chainId))))),
  );
  app.put("/state", (request, reply) =>
    answered(reply, async () => {
      const { unsigned } = request.visitor;
      uploads++;
      try {
        if (uploads > MAX_UPLOADS) throw rpcError("RPC_BUSY", `${MAX_UPLOADS} states are being loaded`, { limit: MAX_UPLOADS });
        if (unsigned !== undefined) throw rpcError("RPC_ORIGIN_REFUSED", unsigned);
        const { stateRoot, ...loaded } = await loadState(operations, bodyOf(request));
        return reply.type("application/json").send(JSON.stringify({ ...loaded, stateRoot: to0x(stateRoot) }));
      } finally {
        uploads--;
        request.raw.resume(); // the rest of a refused body is drained
      }
    }),
  );
}
