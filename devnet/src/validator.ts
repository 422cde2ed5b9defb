/** One validator of a devnet: the process that `createDevnet` spawns, and that its restart command starts alone. */
import { parseArgs } from "node:util";
import { isNoemaError } from "@noema/core/errors";
import type { Logger } from "@noema/core/ports/logger";
import { type NodeConfig, readNodeConfig } from "@noema/node/config";
import { openNodeLog } from "@noema/node/log/node-log";
import { createNode } from "@noema/node/node";
import { blockMessage } from "./block-message.ts";
import type { ValidatorMessage } from "./process.ts";

/** To the parent devnet, when there is one. */
function tell(message: ValidatorMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {}); // a parent that was killed hears nothing
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: "string" } } });
  if (values.config === undefined) throw new Error("--config FILE is missing");
  const config = readNodeConfig(values.config);
  const logger = openNodeLog(config);
  process.on("uncaughtExceptionMonitor", (error) => logger.log("error", "node failed", failure(error)));
  try {
    await start(config, logger);
  } catch (error) {
    logger.log("error", "start failed", failure(error));
    throw error;
  }
}

/** An expected failure is told by its code; only an unexpected one is worth a stack. */
function failure(error: unknown): Record<string, unknown> {
  return isNoemaError(error) ? { code: error.code, reason: error.message } : { code: "DEV_VALIDATOR_FAILED", error };
}

async function start(config: NodeConfig, logger: Logger): Promise<void> {
  const node = createNode(config, logger, (reason) => {
    logger.log("error", "node failed", failure(reason));
    process.stderr.write(`noema validator: ${reason.message}\n`);
    node.stop().finally(() => process.exit(1));
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
    if (process.connected && block.receipts.length > 0) tell(blockMessage(block));
  });
  tell({ type: "ready" });
}

main().catch((error) => {
  const code = isNoemaError(error) ? error.code : "DEV_VALIDATOR_FAILED";
  const message = isNoemaError(error) ? error.message : String(error?.message ?? error);
  process.stderr.write(`noema validator: ${message} (${code})\n`);
  tell({ type: "failed", code, message });
  process.exit(1);
});
