/** The end of a node's process that was asked to stop. */
import type { Clock } from "@noema/core/ports/clock";
import type { Logger } from "@noema/core/ports/logger";
import type { Node } from "../node.ts";

/** With what the system takes to end a process, under the 3 s of threads.md 5. */
const STOP_MS = 2000;
/** A line is on its way to its file or pipe. */
const LOGGED_MS = 20;

/** `exit`: as programs end, when all threads have. `replace`: at once. */
export type Ends = { exit(): void; replace(): void };

/**
 * What has been acknowledged is durable by then, and each store is whole at every moment (threads.md 3, 6), so that what takes too long
 * need not be waited for: a thread inside a native call, a block that executes for seconds, a disk that hangs.
 */
export async function stopInTime(node: Pick<Node, "stop" | "stopping">, clock: Clock, logger: Logger, ends: Ends): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const cancel = clock.after(STOP_MS, () => resolve("late"));
  if ((await Promise.race([node.stop(), late])) !== "late") {
    cancel();
    return ends.exit();
  }
  logger.log("warn", "the node ends without waiting any longer: nothing that was acknowledged is lost", { waitedFor: node.stopping() });
  clock.after(LOGGED_MS, ends.replace);
}

export const ENDS: Ends = {
  exit: () => process.exit(0),
  /** An exit waits for threads inside native calls, and a signal is no clean end: another program takes the process over, and ends. */
  replace() {
    if (process.platform === "win32") process.exit(0);
    process.execve?.("/bin/sh", ["sh", "-c", "exit 0"]);
  },
};
