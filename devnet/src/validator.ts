/** One validator of a devnet: the process that `createDevnet` spawns, and that its restart command starts alone. */
import { isNoemaError } from "@noema/core/errors";
import { readNodeConfig } from "@noema/node/config";
import { createNode } from "@noema/node/node";
import type { ValidatorMessage } from "./process.ts";

/** To the parent devnet, when there is one. */
function tell(message: ValidatorMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {}); // a parent that was killed hears nothing
}

/** Rejects when it cannot start, and then has told its parent. */
export async function runValidator(configPath: string): Promise<void> {
  try {
    await start(configPath);
  } catch (error) {
    const [code, message] = isNoemaError(error) ? [error.code, error.message] : ["DEV_VALIDATOR_FAILED", String(error)];
    tell({ type: "failed", code, message });
    throw error;
  }
}

async function start(configPath: string): Promise<void> {
  const node = createNode(readNodeConfig(configPath), (reason) => {
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
    const { included, result } = block;
    if (included.length > 0) tell({ type: "block", height: result.height, txs: included.length, gasUsed: String(result.gasUsed) });
  });
  tell({ type: "ready" });
}
