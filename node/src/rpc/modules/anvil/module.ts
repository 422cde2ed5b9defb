import type { ControlDeps } from "../../controls/deps.ts";
import { fundsMethods } from "../../controls/funds.ts";
import { anvilImpersonation } from "../../controls/impersonation.ts";
import { anvilMineMethod, miningModeMethods, miningStateMethods } from "../../controls/mining.ts";
import { gasLimitMethod, nextBlockMethods } from "../../controls/next-block.ts";
import { anvilPoolMethods } from "../../controls/pool.ts";
import { settingMethods } from "../../controls/settings.ts";
import { resetMethod, rollbackMethod, snapshotMethods } from "../../controls/snapshots.ts";
import { stateMethods } from "../../controls/state.ts";
import { timeMethods } from "../../controls/time.ts";
import { setAccountMethods } from "../../ethereum/set-account.ts";
import type { RpcModule } from "../../json-rpc/method.ts";
import { anvilBlobMethods } from "./blobs.ts";

export function createAnvilModule(deps: ControlDeps): RpcModule {
  return {
    name: "anvil",
    methods: {
      ...setAccountMethods("anvil", deps.operations, null),
      ...timeMethods("anvil", deps),
      ...nextBlockMethods("anvil", null, deps),
      ...gasLimitMethod("anvil", deps),
      ...anvilMineMethod(deps),
      ...miningModeMethods("anvil", deps),
      ...miningStateMethods("anvil", deps),
      ...anvilPoolMethods(deps),
      ...fundsMethods("anvil", deps),
      ...snapshotMethods("anvil", deps),
      ...anvilImpersonation(deps),
      ...resetMethod("anvil", null, deps),
      ...rollbackMethod(deps),
      ...stateMethods(deps),
      ...settingMethods("anvil", null, deps),
      ...anvilBlobMethods(deps),
    },
  };
}
