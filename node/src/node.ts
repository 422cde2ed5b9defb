/**
 * The composition root: one validator process, every layer made with the ports it names and joined.
 *
 *   RPC -> pool -> payload lane -> consensus -> application -> execution worker -> heads -> RPC
 *
 * Consensus knows execution and data only as its Application; execution knows models only as its PrecompileSet; each store
 * has one writing thread. What is acquired is released in the opposite order (threads.md 4, 5).
 */
import { MessageChannel } from "node:worker_threads";
import { isNoemaError } from "@noema/core/errors";
import type { Logger } from "@noema/core/ports/logger";
import type { ExecutedBlock } from "@noema/execution/api";
import { addOn } from "@noema/execution/transactions/identify-add-on";
import { isNative } from "@noema/execution/transactions/secp256k1";
import { systemClock as clock } from "./clock.ts";
import type { NodeConfig } from "./config.ts";
import { openGate } from "./diverged/open-gate.ts";
import { createDamage } from "./health/damage.ts";
import { openRun } from "./health/last-run.ts";
import { checkKeyFiles } from "./keys/key-file.ts";
import { logOwnerOf } from "./keys/log-owner-of.ts";
import { countBlocks } from "./metrics/block-metrics.ts";
import { addDiskMetrics } from "./metrics/disk-metrics.ts";
import { addProcessMetrics } from "./metrics/process-metrics.ts";
import { createMetricsRegistry } from "./metrics/registry.ts";
import { startMetricsServer } from "./metrics/server.ts";
import type { CreateModule } from "./rpc/module-deps.ts";
import { lockDatadir } from "./store/datadir-lock.ts";
import { guardGenesis } from "./store/genesis-guard.ts";
import { createRoom } from "./store/room.ts";
import { startExecutionThread } from "./threads/execution-thread.ts";
import { readChainSpec } from "./wiring/genesis.ts";
import { scrubStores } from "./wiring/scrubs.ts";
import { openStorage } from "./wiring/storage.ts";
import { createThreads } from "./wiring/threads.ts";
import { createWatches } from "./wiring/watches.ts";

export type Node = {
  /** Resolves when RPC answers. Throws what any part's start throws; everything acquired is released then. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The part that a stop waits for now. */
  stopping(): string | undefined;
  /** Each block that becomes `latest`, in order. */
  onHead(f: (block: ExecutedBlock) => void): void;
};

/** What a package adds to a node without a change of it. */
export type NodeParts = {
  /** RPC namespaces beside those of rpc/modules. A name of theirs that is taken fails `start` with RPC_NAME_TAKEN. */
  modules?: readonly CreateModule[];
};

/** `onFatal` hears of what a running node cannot go on from; the process should stop it and end. */
export function createNode(config: NodeConfig, logger: Logger, onFatal: (reason: Error) => void, { modules = [] }: NodeParts = {}): Node {
  const spec = readChainSpec(config.genesis);
  const metrics = createMetricsRegistry();
  const damage = createDamage();
  const room = createRoom(config.datadir, config.diskReserve);
  const ending = new AbortController();
  const releases: { part: string; release(): unknown }[] = [];
  let stopping: string | undefined;
  const heads = new Set<(block: ExecutedBlock) => void>();

  const acquired = <T>(part: string, value: T, release: (value: T) => unknown): T => {
    releases.push({ part, release: () => release(value) });
    return value;
  };
  async function start(): Promise<void> {
    acquired("lock", await lockDatadir(config.datadir), (lock) => lock.release());
    const lack = room.lack();
    if (lack !== undefined) logger.log("warn", "what this start has to write waits for room", { cause: `DISK_FULL: ${lack}` });
    guardGenesis(config.datadir, spec.hash);
    const threads = acquired("threads", createThreads({ logger, metrics }), (x) => x.stop());
    const { checkedBytes } = acquired("run", openRun(config.datadir, logger), (x) => x.end());
    const { dev } = spec.genesis;
    checkKeyFiles(config.datadir, { dev, warn: (file) => logger.log("warn", "key file readable by others", file) });
    const owner = logOwnerOf(config, spec.hash);
    const storage = acquired("stores", await openStorage({ ...config, checkedBytes }, owner, room, damage, logger, metrics), (x) =>
      x.close(),
    );
    const { genesis } = spec;
    const { datadir, diskReserve, store, inference } = config;
    const results = new MessageChannel();
    const counts = new SharedArrayBuffer(8);
    const ahead = { results: results.port2, counts };
    const worker = { genesis, datadir, diskReserve, checkedBytes, store, inference, execution: config.execution, ahead };
    const execution = acquired("execution", startExecutionThread(worker, { logger, metrics, onDeath: onFatal }), (x) => x.stop());
    const { joinLayers, createReaders, startInferenceAhead, startFaces } = await loadRest();
    const gate = openGate(datadir, logger);
    const watches = acquired("watches", createWatches({ spec, config, room, clock, logger, metrics }), (x) => x.stop());
    const layers = await joinLayers({
      spec,
      config,
      storage,
      room,
      damage,
      watches,
      threads,
      execution,
      gate,
      logger,
      metrics,
      signal: ending.signal,
      onFatal,
    });
    acquired("layers", layers, (x) => x.stop());
    await layers.start();
    const readers = acquired(
      "readers",
      await createReaders({ genesis, config, execution, failed: (error) => damage.suspect("state", error), clock, logger, metrics }),
      (x) => x.stop(),
    );
    const { reads } = readers;
    const inferring = { genesis, config, execution, layers, results: results.port1, counts, logger, metrics };
    acquired("inference", await startInferenceAhead(inferring), (x) => x.stop());
    const faces = await startFaces({ spec, config, execution, reads, layers, room, gate, logger, metrics, modules });
    acquired("faces", faces, (x) => x.stop());
    acquired("scrubs", await scrubStores({ chain: storage.chain, execution, damage, clock }), (x) => x.stop());
    acquired("metrics", addProcessMetrics(metrics), (stopSampling) => stopSampling());
    addDiskMetrics(metrics, datadir);
    layers.heads.onHead(countBlocks(metrics));
    acquired("metrics server", await startMetricsServer(config.metrics, metrics), (x) => x.stop());
    layers.heads.onHead((block) => {
      for (const f of heads) f(block);
    });
    const started = { rpc: faces.port, metrics: config.metrics.port, validator: layers.consensus.status().self };
    logger.log("info", "node started", {
      ...started,
      recovery: addOn?.path ?? `secp256k1 of npm, ${isNative ? "native" : "in JavaScript"}`,
    });
  }
  async function stop(): Promise<void> {
    ending.abort(new Error("the node stops"));
    room.end();
    for (const { part, release } of releases.splice(0).reverse()) {
      stopping = part;
      await settle(release, logger);
    }
    logger.log("info", "node stopped");
  }
  return {
    async start() {
      try {
        await start();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
    stopping: () => stopping,
    onHead: (f) => void heads.add(f),
  };
}

/** Most of what the main thread runs. Only now, so that the execution thread loads what it runs at the same time. */
async function loadRest() {
  const [layers, readers, inference, faces] = await Promise.all([
    import("./wiring/layers.ts"),
    import("./wiring/readers.ts"),
    import("./wiring/inference.ts"),
    import("./wiring/faces.ts"),
  ]);
  return { ...layers, ...readers, ...inference, ...faces };
}

/** One part that fails to stop must not keep the others from closing their stores. */
async function settle(release: () => unknown, logger: Logger): Promise<void> {
  try {
    await release();
  } catch (error) {
    logger.log("error", "stopping a part failed", { error: isNoemaError(error) ? error.code : String(error) });
  }
}
