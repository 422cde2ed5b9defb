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
export type ExecutionWorkerData = Pick<NodeConfig, "datadir" | "diskReserve" | "store" | "inference" | "execution"> & {
  genesis: Genesis;
  /** The state is read whole before it is opened, up to this size. */
  checkedBytes?: number;
  log: MessagePort;
  /** Of a node that infers ahead of time: where results come from, and two words, how many blocks took and how many they computed themselves. */
  ahead?: { results: MessagePort; counts: SharedArrayBuffer };
};

/** The service, what its thread knows of the models it has loaded, and what readers beside it need; all wait for `start`. */
export type ExecutionThread = ExecutionService & { models(): Promise<readonly KnownModel[]>; forReaders(): Promise<ForReaders> };

/** The same, as its methods are called between the threads: that a block is stored, or will not be, is told by its height. */
export type ExecutionMethods = Omit<ExecutionThread, "execute"> & {
  execute(block: PackedBlock): Promise<ExecutedBlock>;
  stored(height: Height, failure: string | undefined): Promise<void>;
};
