/** The debug namespace, put together from its themes. */
import type { RpcModule } from "../../json-rpc/method.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import { rawMethods } from "./raw.ts";
import { stateMethods } from "./state.ts";
import { traceMethods } from "./traces.ts";

export function createDebugModule(deps: ModuleDeps): RpcModule {
  return { name: "debug", methods: { ...rawMethods(deps), ...traceMethods(deps), ...stateMethods(deps) } };
}
