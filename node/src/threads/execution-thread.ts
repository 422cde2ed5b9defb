import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { BlockInput, ExecutedBlock } from "@noema/execution/api";
import type { ExecutionConfig, ExecutionMethods, ExecutionThread } from "./execution-face.ts";
import { type LoadingExecution, loadExecutionThread } from "./execution-loading.ts";
import { packBlock } from "./packed-block.ts";
import { relayLogs } from "./remote-logger.ts";
import { connect } from "./rpc.ts";

export type ExecutionThreadOptions = {
  logger: Logger;
  metrics?: Metrics;
  /** It ended without having been stopped. */
  onDeath(reason: Error): void;
};

const BLOCK_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10];

/** Has it open the state at once; the answer's `start` waits for that. */
export function startExecutionThread(
  config: ExecutionConfig,
  { logger, metrics, onDeath }: ExecutionThreadOptions,
  { worker, end, log }: LoadingExecution = loadExecutionThread(),
): ExecutionThread {
  relayLogs(log, logger, "execution");
  const service = connect<ExecutionMethods>(worker, "execution");
  const started = service.start(config);
  started.catch(() => {}); // told to whoever waits for it
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
      if (name === "start") return () => started;
      if (name === "execute") return execute;
      if (name !== "stop") return Reflect.get(target, name);
      return async () => {
        stopped = true;
        await started.catch(() => {}); // what it opens is closed
        await target.stop();
        await end();
      };
    },
  }) as unknown as ExecutionThread;
}
