/** What makes a namespace, one of modules/ or one that is given to the node, and what it gets. */
import type { RpcDeps } from "./deps.ts";
import type { Sends } from "./ethereum/sends.ts";
import type { RpcModule } from "./json-rpc/method.ts";

export type ModuleDeps = RpcDeps & {
  sends: Sends;
  /** All namespaces of this server. */
  modules(): readonly RpcModule[];
};
export type CreateModule = (deps: ModuleDeps) => RpcModule;
