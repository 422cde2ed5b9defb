import type { Genesis } from "@noema/core/genesis";
import type { Hash } from "@noema/core/ports/bytes";
import type { KvReader, KvStore } from "@noema/core/ports/kv-store";
import type { Logger } from "@noema/core/ports/logger";
import type { Serial } from "@noema/core/serial";
import type { ExecutionEngine } from "../engine/engine.ts";
import { execError } from "../errors.ts";
import type { ExecutionGenesis, ExecutionOptions } from "../options.ts";
import type { StateCache } from "../state/cache.ts";
import type { StateDiff } from "../state/diff.ts";
import type { Roots } from "../state/roots.ts";

/** What questions need. The newest height is read from the store, never kept beside it. */
export type Reading = {
  kv: Pick<KvReader, "snapshot">;
  genesis: Genesis;
  options: ExecutionOptions;
  nowMs: () => number;
  /** Asked in whatever may take long; throws where nobody waits for the answer any more. */
  goOn(): void;
  /** Calls, in order, with one snapshot open at a time. */
  calls: Serial;
  /** Searches for logs, with one snapshot open at a time. */
  scans: Serial;
  /** The EVM and the precompiles' counters: one block or one run of a call at a time, so a block waits for one run at most. */
  evm: Serial;
  /** What the next block would change, as it was last asked for. */
  next?: { key: string; diff: Promise<StateDiff> };
  /** Absent before `start` and after `stop`. */
  running?: { section: ExecutionGenesis; engine: ExecutionEngine };
};

/** What executing blocks needs beside that. */
export type Writing = Reading & {
  kv: KvStore;
  genesisHash: Hash;
  logger: Logger;
  cache: StateCache;
  /** Blocks, in order. */
  blocks: Serial;
  running?: { roots: Roots };
};

/** Throws EXEC_NOT_RUNNING. */
export function running<T extends Reading>(context: T): NonNullable<T["running"]> {
  if (context.running === undefined) throw execError("EXEC_NOT_RUNNING", "the execution service is not started, or stopped");
  return context.running as NonNullable<T["running"]>;
}
