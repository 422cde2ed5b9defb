/** What people and programs see of a node: RPC, data and health over HTTP, WebSocket, the page. */

import { fromHex } from "@noema/core/bytes";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import { ROW_PAYLOAD } from "@noema/da-layer/blob/elements";
import type { ChainReads } from "@noema/execution/api";
import { parseExecutionGenesis } from "@noema/execution/options";
import { readModelCard } from "@noema/precompiles/model-card";
import { createChainFacts } from "../chain/facts.ts";
import { modelFacts } from "../chain/models.ts";
import { systemClock as clock } from "../clock.ts";
import type { NodeConfig } from "../config.ts";
import type { Gate } from "../diverged/gate.ts";
import { watchState } from "../health/state-watch.ts";
import { logBlock } from "../log/block-line.ts";
import type { CreateModule } from "../rpc/module-deps.ts";
import { createRpcServer } from "../rpc/server.ts";
import type { Room } from "../store/room.ts";
import type { ExecutionThread } from "../threads/execution-face.ts";
import { VERSION } from "../version.ts";
import type { ChainSpec } from "./genesis.ts";
import type { Layers } from "./layers.ts";

/** Executed this many heights behind what is final, a node says that it is syncing. */
const SYNCING_ABOVE = 16;

export type FacesDeps = {
  spec: ChainSpec;
  config: NodeConfig;
  execution: Pick<ExecutionThread, "models">;
  /** What is asked about the chain. */
  reads: ChainReads;
  layers: Layers;
  room: Room;
  gate: Gate;
  logger: Logger;
  metrics: Metrics;
  modules: readonly CreateModule[];
};

export async function startFaces(deps: FacesDeps): Promise<{ port: number; stop(): Promise<void> }> {
  const { spec, config, execution, reads, layers, room, gate, logger, metrics, modules } = deps;
  const { heads, consensus, network } = layers;
  const accounts = config.accounts.map((x) => ({ address: fromHex(x.address), privateKey: fromHex(x.privateKey) }));
  const chain = createChainFacts({
    consensus,
    heads,
    room,
    validatorSet: spec.validatorSet,
    rpcUrls: config.rpcUrls,
    syncingAbove: SYNCING_ABOVE,
  });
  const server = createRpcServer(
    { ...config.rpc, modules },
    {
      chainId: spec.genesis.chainId,
      genesisHash: spec.hash,
      fork: spec.genesis.fork,
      history: parseExecutionGenesis(spec.genesis.execution).history,
      version: `noema/${VERSION}/${process.platform}-${process.arch}/node${process.versions.node}`,
      identity: config.rpc.identity,
      execution: reads,
      pool: layers.clientPool,
      chain,
      net: network,
      gate,
      models: modelFacts(await execution.models(), (file) => readModelCard(config.inference.models, file)),
      data: layers.data,
      sidecars: layers.sidecars,
      sampling: layers.sampling,
      maxObjectBytes: spec.da.maxRows * ROW_PAYLOAD,
      dev: spec.genesis.dev && accounts.length > 0 ? { accounts } : undefined,
      operations: layers.operations,
      automine: spec.consensus.instant || spec.consensus.idleIntervalMs > spec.consensus.intervalMs,
      sendWaitMs: config.rpc.sendWaitMs,
      clock,
      logger,
      metrics,
    },
  );
  const unsubscribe = heads.onHead((block) => logBlock(logger, block));
  const { port } = await server.start();
  const endWatch = watchState(chain.status, clock, logger);
  return {
    port,
    async stop() {
      endWatch();
      unsubscribe();
      await server.stop();
    },
  };
}
