/** What stands between the execution thread and the main one: what it is told at its start, and what it answers. */
import type { Genesis } from "@noema/core/genesis";
import type { Height } from "@noema/core/ports/bytes";
import type { ExecutedBlock, ExecutionService } from "@noema/execution/api";
import type { KnownModel } from "../chain/models.ts";
import type { NodeConfig } from "../config.ts";
import type { PackedBlock } from "./packed-block.ts";
import type { ForReaders } from "./reader-face.ts";

/** Of the configuration, the sections of the packages that run there, whole. */
export type ExecutionConfig = Pick<NodeConfig, "datadir" | "diskReserve" | "store" | "inference" | "execution"> & {
  genesis: Genesis;
  /** The state is read whole before it is opened, up to this size. */
  checkedBytes?: number;
  /** Two words: of results that were computed ahead of time how many blocks took, and how many they computed themselves. */
  counts?: SharedArrayBuffer;
};

/** The service, what its thread knows of the models it has loaded, and what readers beside it need; all wait for `start`. */
export type ExecutionThread = ExecutionService & { models(): Promise<readonly KnownModel[]>; forReaders(): Promise<ForReaders> };

/** The same, as its methods are called between the threads: that a block is stored, or will not be, is told by its height. */
export type ExecutionMethods = Omit<ExecutionThread, "start" | "execute"> & {
  start(config: ExecutionConfig): ReturnType<ExecutionThread["start"]>;
  execute(block: PackedBlock): Promise<ExecutedBlock>;
  stored(height: Height, failure: string | undefined): Promise<void>;
};
