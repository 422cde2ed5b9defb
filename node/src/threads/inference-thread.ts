/** The thread that infers ahead of time. Without it, or when it ends, blocks compute what they need: nothing waits for it. */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Logger } from "@noema/core/ports/logger";
import { type Candidate, createTargets } from "../inference/candidates.ts";
import type { InferenceThread, InferenceWorkerData } from "./inference-face.ts";
import { relayLogs } from "./remote-logger.ts";
import { connect } from "./rpc.ts";
import { startThread } from "./thread.ts";

export type InferenceAhead = {
  /** Throws what `start` of the thread throws; for a back end that has to be there. */
  start(): Promise<void>;
  /** Starts the thread where it does not run yet. */
  offer(candidates: readonly Candidate[]): void;
  renew(): void;
  stop(): Promise<void>;
};

export function createInferenceAhead(
  data: Omit<InferenceWorkerData, "log" | "results">,
  results: MessagePort,
  logger: Logger,
): InferenceAhead {
  let running: { remote: InferenceThread; started: Promise<void>; end(): Promise<void> } | undefined;
  let stopped = false;
  const targets = createTargets();

  function thread() {
    if (running !== undefined) return running;
    const channel = new MessageChannel();
    relayLogs(channel.port1, logger, "inference");
    const workerData = { ...data, results, log: channel.port2 } satisfies InferenceWorkerData;
    const { worker, end } = startThread("inference", { name: "noema-inference", workerData, transferList: [channel.port2, results] });
    const remote = connect<InferenceThread>(worker, "inference");
    const started = remote.start().then((name) => logger.log("info", "inferences are computed ahead of their blocks", { on: name }));
    worker.on("error", (error) =>
      logger.log("warn", "the inference thread failed; blocks compute what they need", { error: String(error) }),
    );
    running = { remote, started, end };
    return running;
  }
  const ignore = () => {}; // its end is logged, and nothing is owed
  return {
    start: () => thread().started,
    offer(candidates) {
      const worth = stopped ? [] : candidates.filter((x) => targets.worth(x));
      if (worth.length === 0) return;
      const { started, remote } = thread();
      const tell = (inferred: readonly number[]) => {
        for (const i of inferred) targets.inferred(worth[i] as Candidate);
      };
      started
        .then(() => remote.offer(worth))
        .then(tell)
        .catch(ignore);
    },
    renew() {
      if (running !== undefined && !stopped) Promise.resolve(running.remote.renew()).catch(ignore);
    },
    async stop() {
      stopped = true;
      if (running === undefined) return results.close();
      await Promise.resolve(running.remote.stop()).catch(ignore);
      await running.end();
    },
  };
}
