/** Answers questions (api.ts) from a store that another thread writes, and in which there is a genesis block. */
import type { Genesis } from "@noema/core/genesis";
import type { KvReader } from "@noema/core/ports/kv-store";
import type { PrecompileSet } from "@noema/core/ports/precompiles";
import { createSerial } from "@noema/core/serial";
import type { ChainReads } from "./api.ts";
import type { ExecutionEngine } from "./engine/engine.ts";
import { defaultExecutionOptions, type ExecutionOptions, parseExecutionGenesis } from "./options.ts";
import { createReads } from "./service/reads.ts";

export type ChainReaderInit = {
  kv: Pick<KvReader, "snapshot">;
  genesis: Genesis;
  options?: Partial<ExecutionOptions>;
  /** Of its own; made with the engine. */
  precompiles(): PrecompileSet;
  /** Asked in whatever may take long: throws where the question is given up. */
  goOn(): void;
};

/** `load`: what runs code, most of the memory of a thread that has it; the first question that needs it does so otherwise. */
export type ChainReader = { reads: ChainReads; load(): Promise<unknown> };

/** Throws EXEC_OPTIONS_INVALID. */
export function createChainReader({ kv, genesis, options, precompiles, goOn }: ChainReaderInit): ChainReader {
  const { engine, load } = lateEngine(genesis, precompiles, goOn);
  const reads = createReads({
    kv,
    genesis,
    options: { ...defaultExecutionOptions, ...options },
    nowMs: () => performance.now(),
    goOn,
    calls: createSerial(),
    scans: createSerial(),
    evm: createSerial(),
    running: { section: parseExecutionGenesis(genesis.execution), engine },
  });
  return { reads, load };
}

function lateEngine({ fork, chainId, dev }: Genesis, precompiles: () => PrecompileSet, goOn: () => void) {
  let loading: Promise<ExecutionEngine> | undefined;
  const begin = async () => {
    const { createReferenceEngine } = await import("./engine/reference/engine.ts");
    return createReferenceEngine({ fork, chainId, dev, precompiles: precompiles(), goOn });
  };
  const load = () => {
    loading ??= begin();
    return loading;
  };
  const engine: ExecutionEngine = {
    executeBlock: async (...asked) => (await load()).executeBlock(...asked),
    call: async (...asked) => (await load()).call(...asked),
    checkOverrides: async (...asked) => (await load()).checkOverrides(...asked),
    run: async (...asked) => (await load()).run(...asked),
  };
  return { engine, load };
}
