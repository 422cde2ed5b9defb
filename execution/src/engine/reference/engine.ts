/** The reference engine: @ethereumjs/vm, the source of hard-fork semantics, over our state. */
import type { Block } from "@ethereumjs/block";
import type { EVM } from "@ethereumjs/evm";
import { toHex } from "@noema/core/bytes";
import type { PrecompileSet } from "@noema/core/ports/precompiles";
import type { Journal } from "../../state/journal.ts";
import { type BlockPlan, runBlock } from "../block/run-block.ts";
import type { BlockEnv, ExecutionEngine } from "../engine.ts";
import type { Watch } from "../trace.ts";
import { runTransfer } from "../transfers/transfer.ts";
import { runCall } from "./call.ts";
import { evmBlock } from "./evm-block.ts";
import { libraryRunner } from "./library-transaction.ts";
import { createMachine, type Machine } from "./machine.ts";
import { movedPrecompiles, withPrecompiles } from "./precompile-moves.ts";
import { stateReader } from "./precompiles.ts";
import { transactionRunner } from "./run-transaction.ts";

export type EngineOptions = {
  fork: string;
  chainId: number;
  precompiles: PrecompileSet;
  /** A chain for development. */
  dev?: boolean;
  /** Keeps what contracts say to the console; default: `dev`. */
  console?: boolean;
  goOn?(): void;
  /** How plain transfers are run. */
  transfers?: typeof runTransfer;
  /** All transactions by the library's runTx: to compare. */
  model?: boolean;
};

/** Throws EXEC_FORK_UNKNOWN. Not re-entrant: one block or call at a time. */
export async function createReferenceEngine(o: EngineOptions): Promise<ExecutionEngine> {
  const machine = await createMachine(o.fork, o.chainId, o.precompiles, o.goOn);
  const { fork, chainId } = machine;
  const { precompiles } = machine.vm.evm;
  const looking = (watch?: Watch): Watch | undefined => watch && ((start) => watch({ ...start, inspect: o.precompiles.inspect }));
  const { transfers = runTransfer, dev = false, console = dev } = o;
  return {
    executeBlock(parent, env, txs, watch) {
      const others = { coinbase: env.coinbase, coinbaseHex: toHex(env.coinbase), precompiles };
      const transfer: BlockPlan["transfer"] = o.model ? undefined : (candidate, place) => transfers(candidate, place, others);
      const runner = (journal: Journal) => {
        const block = beginBlock(machine, env, journal);
        return o.model ? libraryRunner(machine, block) : transactionRunner({ machine, block, coinbase: env.coinbase, console });
      };
      return runBlock({ fork, chainId, dev, env, transfer, watch: looking(watch), runner }, parent, txs);
    },
    call: (state, env, request, gas, overrides, watch) =>
      withPrecompiles(machine.vm.evm as EVM, overrides, () =>
        runCall(machine, state, env, { request, gas, overrides, watch: looking(watch) }),
      ),
    checkOverrides: (overrides) => void movedPrecompiles(machine.usualPrecompiles, overrides),
    run: (candidate, place, env, overrides, tracer) =>
      withPrecompiles(machine.vm.evm as EVM, overrides, async () => {
        const block = beginBlock(machine, env, place.journal);
        const others = { coinbase: env.coinbase, coinbaseHex: toHex(env.coinbase), precompiles: machine.vm.evm.precompiles };
        const transferred = tracer === undefined ? transfers(candidate, place, others) : undefined;
        return transferred ?? transactionRunner({ machine, block, coinbase: env.coinbase, console: false }).run(candidate, place, tracer);
      }),
  };
}

function beginBlock(machine: Machine, env: BlockEnv, journal: Journal): Block {
  machine.precompiles.beginBlock({ height: env.height, state: stateReader(journal) });
  machine.state.use(journal);
  machine.blockHash = env.blockHash;
  machine.vm.evm.journal.cleanJournal();
  return evmBlock(env, machine);
}
