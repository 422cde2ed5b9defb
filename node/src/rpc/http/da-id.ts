import { fromHex } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { FastifyRequest } from "fastify";
import { rpcError } from "../errors.ts";

/** The id in a path of /da. Throws RPC_DA_ID_INVALID. */
export function parseDaId({ params }: FastifyRequest): Hash {
  const { id } = params as { id: string };
  if (!/^0x[0-9a-fA-F]{64}$/.test(id)) throw rpcError("RPC_DA_ID_INVALID", "an id is 0x and 64 hex digits");
  return fromHex(id);
}
