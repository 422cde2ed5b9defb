import { askedAgain } from "./asked-again.ts";
import type { RpcDeps } from "./deps.ts";
import { createSends } from "./ethereum/sends.ts";
import type { RpcModule } from "./json-rpc/method.ts";
import type { CreateModule, ModuleDeps } from "./module-deps.ts";
import { NAMESPACES } from "./modules/list.ts";

/** Those of the list that this node has, then the given ones. */
export function createModules(deps: RpcDeps, given: readonly CreateModule[]): { modules: readonly RpcModule[]; close(): void } {
  const sends = createSends(deps);
  const modules: RpcModule[] = [];
  const all: ModuleDeps = { ...deps, sends, modules: () => modules };
  const own = Object.values(NAMESPACES).filter(({ when }) => when === undefined || when(all));
  for (const create of [...own.map((x) => x.create), ...given]) {
    const module = create(all);
    const methods = Object.entries(module.methods).map(([name, method]) => [name, askedAgain(method, deps)]);
    modules.push({ ...module, methods: Object.fromEntries(methods) });
  }
  return {
    modules,
    close() {
      for (const module of modules) module.close?.();
      sends.close();
    },
  };
}
