import { addBalanceMethod } from "../../controls/add-balance.ts";
import type { ControlDeps } from "../../controls/deps.ts";
import { hardhatImpersonation } from "../../controls/impersonation.ts";
import { hardhatMineMethod, miningStateMethods } from "../../controls/mining.ts";
import { nextBlockMethods } from "../../controls/next-block.ts";
import { resetMethod } from "../../controls/snapshots.ts";
import { tokenMethods } from "../../controls/tokens.ts";
import { setAccountMethods } from "../../ethereum/set-account.ts";
import type { RpcModule } from "../../json-rpc/method.ts";

export function createHardhatModule(deps: ControlDeps): RpcModule {
  return {
    name: "hardhat",
    methods: {
      ...setAccountMethods("hardhat", deps.operations, true),
      ...addBalanceMethod("hardhat", deps),
      ...tokenMethods("hardhat", deps),
      ...nextBlockMethods("hardhat", true, deps),
      ...hardhatImpersonation(deps),
      ...hardhatMineMethod(deps),
      ...miningStateMethods("hardhat", deps),
      ...resetMethod("hardhat", true, deps),
    },
  };
}
