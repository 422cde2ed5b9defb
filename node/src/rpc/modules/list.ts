/** The namespaces of a node, in the order of `rpc_modules`: one folder and one line each. */
import type { ControlDeps } from "../controls/deps.ts";
import type { RpcModule } from "../json-rpc/method.ts";
import type { CreateModule, ModuleDeps } from "../module-deps.ts";
import { createAdminModule } from "./admin/module.ts";
import { createAnvilModule } from "./anvil/module.ts";
import { createDebugModule } from "./debug/module.ts";
import { createDevModule } from "./dev/module.ts";
import { createEthModule } from "./eth/module.ts";
import { createEvmModule } from "./evm/module.ts";
import { createHardhatModule } from "./hardhat/module.ts";
import { createMinerModule } from "./miner/module.ts";
import { createNetModule } from "./net/module.ts";
import { createNoemaModule } from "./noema/module.ts";
import { createOtsModule } from "./ots/module.ts";
import { createRpcModule } from "./rpc/module.ts";
import { createTraceModule } from "./trace/module.ts";
import { createTxpoolModule } from "./txpool/module.ts";
import { createWeb3Module } from "./web3/module.ts";

type Namespace = {
  create: CreateModule;
  /** Absent: on every node. */
  when?(deps: ModuleDeps): boolean;
};

function ofDevelopment(create: (deps: ControlDeps) => RpcModule): Namespace {
  const isOf = (deps: ModuleDeps): deps is ControlDeps => deps.operations !== undefined;
  return {
    when: isOf,
    create(deps) {
      if (!isOf(deps)) throw new Error("asked for where there is none");
      return create(deps);
    },
  };
}

export const NAMESPACES: Record<string, Namespace> = {
  eth: { create: createEthModule },
  net: { create: createNetModule },
  debug: { create: createDebugModule },
  trace: { create: createTraceModule },
  ots: { create: createOtsModule },
  txpool: { create: createTxpoolModule },
  noema: { create: createNoemaModule },
  rpc: { create: createRpcModule },
  web3: { create: createWeb3Module },
  admin: { create: createAdminModule },
  dev: { create: createDevModule, when: ({ dev }) => dev !== undefined },
  anvil: ofDevelopment(createAnvilModule),
  hardhat: ofDevelopment(createHardhatModule),
  evm: ofDevelopment(createEvmModule),
  miner: ofDevelopment(createMinerModule),
};
