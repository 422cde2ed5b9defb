import { MessageChannel, Worker } from "node:worker_threads";
import type { Logger } from "@noema/core/ports/logger";
import type { BlockInput } from "@noema/execution/api";
import { workerUrl } from "./entry.ts";
import type { ExecutionMethods, ExecutionThread, ExecutionWorkerData } from "./execution-face.ts";
import { packBlock } from "./packed-block.ts";
import { relayLogs } from "./remote-logger.ts";
import { connect } from "./rpc.ts";

/** Starts the execution worker; `onDeath` when it ends without having been stopped. */
export function startExecutionThread(
  data: Omit<ExecutionWorkerData, "log">,
  logger: Logger,
  onDeath: (reason: Error) => void,
): ExecutionThread {
  const channel = new MessageChannel();
  relayLogs(channel.port1, logger, "execution");
  const worker = new Worker(workerUrl("execution"), { workerData: { ...data, log: channel.port2 }, transferList: [channel.port2] });
  const service = connect<ExecutionMethods>(worker, "execution");
  let stopped = false;
  /** An error is followed by an exit. */
  function die(reason: Error): void {
    if (!stopped) onDeath(reason);
    stopped = true;
  }
  worker.on("error", (error) => die(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", (code) => die(new Error(`the execution thread ended with code ${code}`)));
  return new Proxy(service, {
    get(target, name) {
      if (name === "execute") return (block: BlockInput) => target.execute(packBlock(block));
      if (name !== "stop") return Reflect.get(target, name);
      return async () => {
        stopped = true;
        await target.stop();
        await worker.terminate();
      };
    },
  }) as unknown as ExecutionThread;
}
