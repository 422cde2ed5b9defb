/** One validator of a devnet: the process that `startNetwork` spawns, and that its restart command starts alone. */
import { isNoemaError } from "@noema/core/errors";
import type { Logger } from "@noema/core/ports/logger";
import { type Given, type NodeConfig, readNodeConfig } from "@noema/node/config";
import { openNodeLog } from "@noema/node/log/node-log";
import { createNode } from "@noema/node/node";
import { blockMessage } from "./block-message.ts";
import type { ValidatorMessage } from "./process.ts";

/** To the parent devnet, when there is one. */
function tell(message: ValidatorMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {}); // a parent that was killed hears nothing
}

/** `given` comes before what the file says, where there is one. Rejects when it cannot start, and then has told its log and its parent. */
export async function runValidator(configPath: string | undefined, given: Given): Promise<void> {
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
  tell({ type: "failed", code: codeOf(error), message: error instanceof Error ? error.message : String(error) });
}

function codeOf(error: unknown): string {
  return isNoemaError(error) ? error.code : "DEV_VALIDATOR_FAILED";
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
  // Ctrl-C reaches the whole process group: the parent decides when its validators stop.
  process.on("SIGINT", () => (process.connected ? undefined : stop()));
  process.on("disconnect", stop);
  if (process.connected === false) return stop(); // the parent was gone before anybody listened
  await node.start();
  node.onHead((block) => {
    if (process.connected && block.txs > 0) setImmediate(() => tell(blockMessage(block))); // clients are answered first
  });
  tell({ type: "ready" });
}
