import type { DataLayer } from "@noema/core/ports/data";
import type { RpcDeps } from "../deps.ts";
import { rpcError } from "../errors.ts";

export type DaRouteDeps = Pick<RpcDeps, "data" | "maxObjectBytes" | "clock" | "logger">;

/** Throws RPC_DA_DISABLED. */
export function required(data: DataLayer | undefined): DataLayer {
  if (data === undefined) throw rpcError("RPC_DA_DISABLED", "this node has no data layer");
  return data;
}
