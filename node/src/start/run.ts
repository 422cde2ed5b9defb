/** The life of a node's process: started by a person, a service, or a parent that wants to hear of it. */
import { isNoemaError } from "@noema/core/errors";
import type { Logger } from "@noema/core/ports/logger";
import { type Given, type NodeConfig, readNodeConfig } from "../config.ts";
import { openNodeLog } from "../log/node-log.ts";
import { createNode } from "../node.ts";
import { tellParent, toldBlock } from "./parent.ts";

/** `given` comes before what the file says, where there is one. Rejects when it cannot start, and then has told its log and its parent. */
export async function runNode(configPath: string | undefined, given: Given): Promise<void> {
  let logger: Logger | undefined;
  try {
    const config = readNodeConfig(configPath, given);
    logger = openNodeLog(config);
    await start(config, logger);
  } catch (error) {
    logger?.log("error", "start failed", failure(error));
    tellFailure(error);
    throw error;
  }
}

function tellFailure(error: unknown): void {
  tellParent({ type: "failed", code: codeOf(error), message: error instanceof Error ? error.message : String(error) });
}

function codeOf(error: unknown): string {
  return isNoemaError(error) ? error.code : "NODE_FAILED";
}

/** An expected failure is told by its code; only an unexpected one is worth a stack. */
function failure(error: unknown): Record<string, unknown> {
  return isNoemaError(error) ? { code: error.code, reason: error.message } : { code: codeOf(error), error };
}

async function start(config: NodeConfig, logger: Logger): Promise<void> {
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
    stopping ??= node.stop().then(() => process.exit(0));
    return stopping;
  };
  process.on("SIGTERM", stop);
  // Ctrl-C reaches the whole process group: the parent decides when its nodes stop.
  process.on("SIGINT", () => (process.connected ? undefined : stop()));
  process.on("disconnect", stop);
  if (process.connected === false) return stop(); // the parent was gone before anybody listened
  await node.start();
  node.onHead((block) => {
    if (process.connected && block.txs > 0) setImmediate(() => tellParent({ type: "block", block: toldBlock(block) })); // clients are answered first
  });
  tellParent({ type: "ready" });
}
