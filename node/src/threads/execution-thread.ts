import { MessageChannel } from "node:worker_threads";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { BlockInput, ExecutedBlock } from "@noema/execution/api";
import type { ExecutionMethods, ExecutionThread, ExecutionWorkerData } from "./execution-face.ts";
import { packBlock } from "./packed-block.ts";
import { relayLogs } from "./remote-logger.ts";
import { connect } from "./rpc.ts";
import { startThread } from "./thread.ts";

export type ExecutionThreadOptions = {
  logger: Logger;
  metrics?: Metrics;
  /** It ended without having been stopped. */
  onDeath(reason: Error): void;
};

const BLOCK_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10];

/** Starts the execution worker. */
export function startExecutionThread(
  data: Omit<ExecutionWorkerData, "log">,
  { logger, metrics, onDeath }: ExecutionThreadOptions,
): ExecutionThread {
  const channel = new MessageChannel();
  relayLogs(channel.port1, logger, "execution");
  const { worker, end } = startThread("execution", {
    workerData: { ...data, log: channel.port2 },
    transferList: [channel.port2, ...(data.ahead ? [data.ahead.results] : [])],
  });
  const service = connect<ExecutionMethods>(worker, "execution");
  const took = metrics?.histogram("noema_execution_block_seconds", "from a final block to its durable result", BLOCK_SECONDS);
  metrics?.total(
    "noema_execution_busy_seconds_total",
    "time in which the thread that executes did something",
    () => worker.performance.eventLoopUtilization().active / 1000,
  );
  async function execute(block: BlockInput, stored: Promise<void> = Promise.resolve()): Promise<ExecutedBlock> {
    const started = performance.now();
    const executing = service.execute(packBlock(block));
    const tell = (failure?: string) => void service.stored(block.height, failure).catch(() => {}); // a dead thread has failed `executing`
    stored.then(() => tell(), (error) => tell(String(error))); // biome-ignore format: one line
    const executed = await executing;
    took?.((performance.now() - started) / 1000);
    return executed;
  }
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
      if (name === "execute") return execute;
      if (name !== "stop") return Reflect.get(target, name);
      return async () => {
        stopped = true;
        await target.stop();
        await end();
      };
    },
  }) as unknown as ExecutionThread;
}
