/** threads.md 7. /livez: the process answers. /readyz: 200 synced, 206 syncing with progress, 503 with the cause. /version. */
import { to0x } from "@noema/core/bytes";
import type { FastifyInstance } from "fastify";
import type { RpcDeps } from "../deps.ts";

const STATUS = { synced: 200, syncing: 206, halted: 503 } as const;

export function addHealthRoutes(app: FastifyInstance, deps: RpcDeps): void {
  app.get("/livez", async () => ({ status: "live" }));
  app.get("/readyz", async (_, reply) => {
    const { state, cause, finalizedHeight, highestHeight } = deps.chain.status();
    const { latest, finalized } = deps.chain.tags();
    const unreachable = state === "synced" ? [] : deps.net.unreachable();
    return reply.code(STATUS[state]).send({
      status: state,
      ...(cause === undefined ? {} : { cause }),
      ...(unreachable.length === 0 ? {} : { unreachable }),
      latest: latest.number,
      finalized: finalized.number,
      consensus: finalizedHeight,
      executed: latest.height, // bare heights have no number of their own
      ...(state === "syncing" ? { highest: highestHeight ?? finalizedHeight } : {}),
    });
  });
  app.get("/version", async () => ({ version: deps.version, chainId: deps.chainId, genesisHash: to0x(deps.genesisHash) }));
}
