/** What stands between the execution thread and the main one: what it is started with, and what it answers. */
import type { MessagePort } from "node:worker_threads";
import type { Genesis } from "@noema/core/genesis";
import type { ExecutionService } from "@noema/execution/api";
import type { KnownModel } from "../chain/models.ts";
import type { StoreEngine } from "../store/open-store.ts";

export type ExecutionWorkerData = {
  genesis: Genesis;
  datadir: string;
  store: StoreEngine;
  backend: string;
  /** Folder of the model files. */
  models: string;
  log: MessagePort;
};

/** The service, and what its thread knows of the models it has loaded; both wait for `start`. */
export type ExecutionThread = ExecutionService & { models(): Promise<readonly KnownModel[]> };
