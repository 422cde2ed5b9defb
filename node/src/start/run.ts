/** The life of a node's process: started by a person, a service, or a parent that wants to hear of it. */
import { isNoemaError } from "@noema/core/errors";
import { systemClock } from "../clock.ts";
import { type Given, type NodeConfig, readNodeConfig } from "../config.ts";
import { type NodeLog, openNodeLog } from "../log/node-log.ts";
import { createNode } from "../node.ts";
import { VERSION } from "../version.ts";
import { tellParent, toldBlock } from "./parent.ts";
import { ENDS, stopInTime } from "./stop.ts";

/** `given` comes before what the file says, where there is one. Rejects when it cannot start, and then has told its log and its parent. */
export async function runNode(configPath: string | undefined, given: Given): Promise<void> {
  let logger: NodeLog | undefined;
  try {
    const config = readNodeConfig(configPath, given);
    logger = openNodeLog(config);
    logger.log("info", "the node starts", { version: VERSION, process: process.pid, datadir: config.datadir });
    await start(config, logger);
  } catch (error) {
    logger?.log("error", "start failed", failure(error));
    tellFailure(error);
    throw error;
  }
}

function tellFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  tellParent({ type: "failed", ...(isNoemaError(error) && { code: error.code }), message });
}

/** An expected failure is told by its code; only an unexpected one is worth a stack. */
function failure(error: unknown): Record<string, unknown> {
  return isNoemaError(error) ? { code: error.code, reason: error.message } : { error };
}

function held(): Record<string, unknown> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return { memory: process.memoryUsage(), seconds: Math.round(process.uptime()), resources: Object.fromEntries(counts) };
}

async function start(config: NodeConfig, logger: NodeLog): Promise<void> {
  process.on("uncaughtExceptionMonitor", (error) => {
    logger.log("error", "node failed", failure(error));
    tellFailure(error);
  });
  const node = createNode(config, logger, (reason) => {
    node.stop().finally(() => {
      throw reason; // nobody catches it: the launcher says it and ends the process
    });
  });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopInTime(node, systemClock, logger, ENDS);
    return stopping;
  };
  process.on("SIGTERM", stop);
  // Ctrl-C reaches the whole process group: the parent decides when its nodes stop.
  process.on("SIGINT", () => (process.connected ? undefined : stop()));
  process.on("disconnect", stop);
  process.on("SIGHUP", () => (process.stdout.isTTY ? stop() : logger.reopen())); // a terminal that closes ends what runs in it
  process.on("SIGUSR2", () => logger.log("info", "SIGUSR2: what this process holds", held()));
  if (process.connected === false) return stop(); // the parent was gone before anybody listened
  try {
    await node.start();
  } catch (error) {
    if (stopping === undefined) throw error;
    return stopping; // of which the start failed: what it waits for is gone
  }
  node.onHead((block) => {
    if (process.connected && block.txs > 0) setImmediate(() => tellParent({ type: "block", block: toldBlock(block) })); // clients are answered first
  });
  tellParent({ type: "ready" });
  (process as NodeJS.EventEmitter).emit("started"); // heard by the bundle's loader
}
