/** The noema namespace: consensus, data, inference, validators. */
import type { RpcDeps } from "../../deps.ts";
import type { RpcModule } from "../../json-rpc/method.ts";
import { consensusMethods } from "./consensus.ts";
import { dataMethods } from "./data.ts";
import { inferenceMethods } from "./inference.ts";
import { nodeInfoMethods } from "./node-info.ts";
import { settlementMethods } from "./settlement.ts";
import { traceFailureMethods } from "./trace-failure.ts";
import { traceInferenceMethods } from "./trace-inference.ts";
import { transactionStatusMethods } from "./transaction-status.ts";

export function createNoemaModule(deps: RpcDeps): RpcModule {
  return {
    name: "noema",
    methods: {
      ...nodeInfoMethods(deps),
      ...consensusMethods(deps),
      ...dataMethods(deps),
      ...inferenceMethods(deps),
      ...settlementMethods(deps),
      ...traceFailureMethods(deps),
      ...traceInferenceMethods(deps),
      ...transactionStatusMethods(deps),
    },
  };
}
