/** What makes a namespace, one of modules/ or one that is given to the node, and what it gets. */
import type { RpcDeps } from "./deps.ts";
import type { Sends } from "./ethereum/sends.ts";
import type { RpcModule } from "./json-rpc/method.ts";

export type ModuleDeps = RpcDeps & {
  sends: Sends;
  /** Names of all namespaces of this server. */
  namespaces(): readonly string[];
};
export type CreateModule = (deps: ModuleDeps) => RpcModule;
