import type { ControlDeps } from "../../controls/deps.ts";
import { hardhatImpersonation } from "../../controls/impersonation.ts";
import { hardhatMineMethod, miningStateMethods } from "../../controls/mining.ts";
import { nextBlockMethods } from "../../controls/next-block.ts";
import { hardhatPoolMethods } from "../../controls/pool.ts";
import { settingMethods } from "../../controls/settings.ts";
import { resetMethod } from "../../controls/snapshots.ts";
import { setAccountMethods } from "../../ethereum/set-account.ts";
import type { RpcMethod, RpcModule } from "../../json-rpc/method.ts";
import { createAnvilModule } from "../anvil/module.ts";

/** What anvil has beyond Hardhat answers to Hardhat's prefix too, as much of it does on anvil. */
function anvilMethods(deps: ControlDeps): Record<string, RpcMethod> {
  const { methods } = createAnvilModule(deps);
  return Object.fromEntries(Object.entries(methods).map(([name, method]) => [name.replace("anvil_", "hardhat_"), method]));
}

export function createHardhatModule(deps: ControlDeps): RpcModule {
  return {
    name: "hardhat",
    methods: {
      ...anvilMethods(deps),
      ...setAccountMethods("hardhat", deps.operations, true),
      ...nextBlockMethods("hardhat", true, deps),
      ...hardhatImpersonation(deps),
      ...hardhatMineMethod(deps),
      ...miningStateMethods("hardhat", deps),
      ...hardhatPoolMethods(deps),
      ...resetMethod("hardhat", true, deps),
      ...settingMethods("hardhat", true, deps),
    },
  };
}
