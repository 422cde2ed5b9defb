/**
 * Execution (api.ts) over one key-value store, for one thread. Blocks run in order, each durable in one atomic
 * write; calls and blocks take turns on the EVM; everything else reads snapshots and waits for nobody.
 */
import { blockNumber } from "@noema/core/block-number";
import type { Genesis } from "@noema/core/genesis";
import type { Hash } from "@noema/core/ports/bytes";
import type { KvStore } from "@noema/core/ports/kv-store";
import type { Logger } from "@noema/core/ports/logger";
import type { PrecompileSet } from "@noema/core/ports/precompiles";
import { createSerial } from "@noema/core/serial";
import type { BlockExecutor, ChainReads, ExecutionService } from "./api.ts";
import { execError } from "./errors.ts";
import { defaultExecutionOptions, type ExecutionOptions, parseExecutionGenesis } from "./options.ts";
import type { Writing } from "./service/context.ts";
import { openEngine } from "./service/engine.ts";
import { executeBlock } from "./service/execute.ts";
import { createReads } from "./service/reads.ts";
import { openState } from "./service/start.ts";
import { readResults, withState } from "./service/view.ts";
import { createStateCache } from "./state/cache.ts";
import { createRoots } from "./state/roots.ts";
import { readDevView } from "./system/dev-view.ts";

export type ExecutionServiceInit = {
  /** The `state` environment. The service is its only writer, and does not close it. */
  kv: KvStore;
  precompiles: PrecompileSet;
  genesis: Genesis;
  genesisHash: Hash;
  options?: Partial<ExecutionOptions>;
  logger: Logger;
  /** Of a clock that never goes back. Ends the pool's part of a question about the next block, and no more. Default: performance.now. */
  nowMs?: () => number;
};

/** `start` throws EXEC_OPTIONS_INVALID, EXEC_FORK_UNKNOWN, EXEC_WRONG_CHAIN, EXEC_STORE_FORMAT; everything else waits for it to be called. */
export function createExecutionService(init: ExecutionServiceInit): ExecutionService {
  const { kv, genesis, genesisHash, logger, precompiles } = init;
  const options = { ...defaultExecutionOptions, ...init.options };
  const context: Writing = {
    kv,
    genesis,
    genesisHash,
    options,
    logger,
    nowMs: init.nowMs ?? (() => performance.now()),
    goOn: () => undefined,
    cache: createStateCache(),
    blocks: createSerial(),
    calls: createSerial(),
    scans: createSerial(),
    evm: createSerial(),
  };
  const reads = createReads(context);
  return { ...createExecutor(context, reads, precompiles), ...reads };
}

function createExecutor(context: Writing, reads: ChainReads, precompiles: PrecompileSet): BlockExecutor {
  const { genesis, options } = context;
  return {
    async start() {
      const section = parseExecutionGenesis(genesis.execution);
      const engine = await openEngine({ fork: genesis.fork, chainId: genesis.chainId, dev: genesis.dev, precompiles }, options.shadow);
      const head = await openState(context, section);
      context.running = { section, engine, roots: createRoots(head.stateRoot, options.trieNodes) };
      const [result] = await readResults(context, head.height, head.height);
      const block = await reads.block(blockNumber(0));
      if (block === undefined || result === undefined) throw execError("STATE_CORRUPT", "a block of the store is missing");
      return { genesis: block, result, dev: await withState(context, head.height, ({ state }) => readDevView(state, genesis)) };
    },
    async stop() {
      await Promise.all([context.calls(() => undefined), context.scans(() => undefined), context.blocks(() => undefined)]);
      context.running = undefined;
    },
    execute: (block, stored) => executeBlock(context, block, stored),
    result: async (height) => (await readResults(context, height, height))[0],
    results: (from, to) => readResults(context, from, to),
  };
}
