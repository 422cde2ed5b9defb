/** What stands between the execution thread and the main one: what it is started with, and what it answers. */
import type { MessagePort } from "node:worker_threads";
import type { Genesis } from "@noema/core/genesis";
import type { Height } from "@noema/core/ports/bytes";
import type { ExecutedBlock, ExecutionService } from "@noema/execution/api";
import type { KnownModel } from "../chain/models.ts";
import type { NodeConfig } from "../config.ts";
import type { PackedBlock } from "./packed-block.ts";
import type { ForReaders } from "./reader-face.ts";

/** Of the configuration, the sections of the packages that run there, whole. */
export type ExecutionWorkerData = Pick<NodeConfig, "datadir" | "store" | "inference" | "execution"> & {
  genesis: Genesis;
  log: MessagePort;
  /** Of a node that infers ahead of time: where results come from, and two words, how many blocks took and how many they computed themselves. */
  ahead?: { results: MessagePort; counts: SharedArrayBuffer };
};

/** The service, what its thread knows of the models it has loaded, and what readers beside it need; all wait for `start`. */
export type ExecutionThread = ExecutionService & { models(): Promise<readonly KnownModel[]>; forReaders(): Promise<ForReaders> };

/** The same, as its methods are called between the threads. */
export type ExecutionMethods = Omit<ExecutionThread, "execute"> & {
  /** Resolves when it has run. */
  execute(block: PackedBlock): Promise<ExecutedBlock>;
  /** The block of that height is stored, or why it will not be. Resolves when what ran is durable. */
  keep(height: Height, failure?: string): Promise<void>;
};
