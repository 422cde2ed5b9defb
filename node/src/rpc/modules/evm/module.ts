import type { ControlDeps } from "../../controls/deps.ts";
import { addAccountMethod } from "../../controls/impersonation.ts";
import { mineDetailedMethod } from "../../controls/mine-detailed.ts";
import { evmMineMethod, miningModeMethods } from "../../controls/mining.ts";
import { gasLimitMethod } from "../../controls/next-block.ts";
import { snapshotMethods } from "../../controls/snapshots.ts";
import { timeMethods } from "../../controls/time.ts";
import { setAccountMethods } from "../../ethereum/set-account.ts";
import type { RpcMethod, RpcModule } from "../../json-rpc/method.ts";

/** Accounts by ganache's names. */
function ganacheMethods({ operations }: ControlDeps): Record<string, RpcMethod> {
  const set = setAccountMethods("evm", operations, true);
  return Object.fromEntries(Object.entries(set).map(([name, method]) => [name.replace("evm_set", "evm_setAccount"), method]));
}

export function createEvmModule(deps: ControlDeps): RpcModule {
  return {
    name: "evm",
    methods: {
      ...timeMethods("evm", deps),
      ...gasLimitMethod("evm", deps),
      ...evmMineMethod(deps),
      ...mineDetailedMethod(deps),
      ...addAccountMethod(deps),
      ...miningModeMethods("evm", deps),
      ...snapshotMethods("evm", deps),
      ...ganacheMethods(deps),
    },
  };
}
