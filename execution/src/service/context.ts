import type { Genesis } from "@noema/core/genesis";
import type { Hash } from "@noema/core/ports/bytes";
import type { KvStore } from "@noema/core/ports/kv-store";
import type { Logger } from "@noema/core/ports/logger";
import type { ExecutionEngine } from "../engine/engine.ts";
import { execError } from "../errors.ts";
import type { ExecutionGenesis, ExecutionOptions } from "../options.ts";
import type { StateCache } from "../state/cache.ts";
import type { StateDiff } from "../state/diff.ts";
import type { Roots } from "../state/roots.ts";
import type { Lane } from "./lane.ts";

/** What the parts of the service share. The newest height is read from the store, never kept beside it. */
export type Context = {
  kv: KvStore;
  genesis: Genesis;
  genesisHash: Hash;
  options: ExecutionOptions;
  logger: Logger;
  nowMs: () => number;
  cache: StateCache;
  /** Blocks, in order. */
  blocks: Lane;
  /** Calls, in order, with one snapshot open at a time. */
  calls: Lane;
  /** Searches for logs, with one snapshot open at a time. */
  scans: Lane;
  /** The EVM and the precompiles' counters: one block or one run of a call at a time, so a block waits for one run at most. */
  evm: Lane;
  /** What the next block would change, as it was last asked for. */
  next?: { key: string; diff: Promise<StateDiff> };
  /** Absent before `start` and after `stop`. */
  running?: Running;
};
export type Running = { section: ExecutionGenesis; engine: ExecutionEngine; roots: Roots };

export function running(context: Context): Running {
  if (context.running === undefined) throw execError("EXEC_NOT_RUNNING", "the execution service is not started, or stopped");
  return context.running;
}
