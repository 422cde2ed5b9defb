import type { ControlDeps } from "../../controls/deps.ts";
import { evmMineMethod, miningModeMethods } from "../../controls/mining.ts";
import { gasLimitMethod } from "../../controls/next-block.ts";
import { snapshotMethods } from "../../controls/snapshots.ts";
import { timeMethods } from "../../controls/time.ts";
import type { RpcModule } from "../../json-rpc/method.ts";

export function createEvmModule(deps: ControlDeps): RpcModule {
  return {
    name: "evm",
    methods: {
      ...timeMethods("evm", deps),
      ...gasLimitMethod("evm", deps),
      ...evmMineMethod(deps),
      ...miningModeMethods("evm", deps),
      ...snapshotMethods("evm", deps),
    },
  };
}
