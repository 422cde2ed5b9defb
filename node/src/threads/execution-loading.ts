/** The execution thread while it loads what it runs, which takes a node's start as long as all before it: that needs nothing of the configuration. */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { startThread, type Thread } from "./thread.ts";

/** Its ends of two channels, with which it is started. */
export type ExecutionLoadData = {
  log: MessagePort;
  /** Where what was inferred ahead of time comes from. */
  results: MessagePort;
};

/** The other ends. Whoever does not start it (execution-thread.ts) ends it: a process must not end while a thread loads (shelter.ts). */
export type LoadingExecution = Thread & ExecutionLoadData;

export function loadExecutionThread(): LoadingExecution {
  const [log, results] = [new MessageChannel(), new MessageChannel()];
  const workerData: ExecutionLoadData = { log: log.port2, results: results.port2 };
  const thread = startThread("execution", { workerData, transferList: [log.port2, results.port2] });
  return { ...thread, log: log.port1, results: results.port1 };
}
