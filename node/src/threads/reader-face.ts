/** What a reader thread is started with, and what it answers. */
import type { Genesis } from "@noema/core/genesis";
import type { KvReaderPlace } from "@noema/core/ports/kv-store";
import type { ChainReads } from "@noema/execution/api";
import type { SharedModel } from "@noema/precompiles/model/load";
import type { NodeConfig } from "../config.ts";

/** What the execution thread shares with readers; `state` undefined: its store has one reader, itself. */
export type ForReaders = { state?: KvReaderPlace; models: readonly SharedModel[] };

export type ReaderWorkerData = Pick<NodeConfig, "inference" | "execution"> & {
  genesis: Genesis;
  state: KvReaderPlace;
  models: readonly SharedModel[];
  /** It is there to run code. */
  runsCode: boolean;
  /** One word: the question that should stop. */
  stop: SharedArrayBuffer;
};

export type Question = keyof ChainReads;

export type ReaderThread = {
  /** Resolves when it can be asked. */
  start(): Promise<void>;
  /** `id` rises, from 1. */
  ask(id: number, method: Question, args: readonly unknown[]): Promise<unknown>;
};
