/** What the thread that infers ahead of time is started with, what it answers, and what it tells the one that executes. */
import type { MessagePort } from "node:worker_threads";
import type { Bytes, Hash } from "@noema/core/bytes";
import type { Genesis } from "@noema/core/genesis";
import type { KvReaderPlace } from "@noema/core/ports/kv-store";
import type { SharedModel } from "@noema/precompiles/model/load";
import type { NodeConfig } from "../config.ts";
import type { Candidate } from "../inference/candidates.ts";

export type InferenceWorkerData = Pick<NodeConfig, "inference" | "execution"> & {
  genesis: Genesis;
  state: KvReaderPlace;
  models: readonly SharedModel[];
  /** To the execution thread. */
  results: MessagePort;
  /** BESIDE says what stands where. */
  counts: SharedArrayBuffer;
  log: MessagePort;
};

/** Results of one model; `drop`: all that were told are not trusted any more. */
export type AheadResults = { model: Hash; inputs: Bytes[]; outputs: Bytes[] } | { drop: true };

export type InferenceThread = {
  /** Resolves with what the back end runs on. Throws BACKEND_UNAVAILABLE, BACKEND_LOST. */
  start(): Promise<string>;
  /** The indices of those that came to an inference. */
  offer(candidates: readonly Candidate[]): Promise<number[]>;
  renew(): void;
  stop(): void;
};
