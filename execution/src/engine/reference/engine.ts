/** The reference engine: @ethereumjs/vm, the source of hard-fork semantics, over our state. */
import type { PrecompileSet } from "@noema/core/ports/precompiles";
import { type BlockPlan, runBlock } from "../block/run-block.ts";
import type { ExecutionEngine } from "../engine.ts";
import { runTransfer } from "../transfers/transfer.ts";
import { runCall } from "./call.ts";
import { createMachine } from "./machine.ts";
import { codeRunner } from "./run-transaction.ts";

export type EngineOptions = {
  fork: string;
  chainId: number;
  precompiles: PrecompileSet;
  goOn?(): void;
  /** How plain transfers are run; "as calls": as all else, to compare. */
  transfers?: typeof runTransfer | "as calls";
};

/** Throws EXEC_FORK_UNKNOWN. Not re-entrant: one block or call at a time. */
export async function createReferenceEngine(o: EngineOptions): Promise<ExecutionEngine> {
  const machine = await createMachine(o.fork, o.chainId, o.precompiles, o.goOn);
  const { fork, chainId } = machine;
  const { precompiles } = machine.vm.evm;
  const { transfers = runTransfer } = o;
  return {
    executeBlock(parent, env, txs, trace) {
      const others = { coinbase: env.coinbase, precompiles };
      // A tracer is told of frames, which only the EVM has.
      const transfer: BlockPlan["transfer"] =
        transfers === "as calls" || trace !== undefined ? undefined : (candidate, place) => transfers(candidate, place, others);
      return runBlock({ fork, chainId, env, transfer, runner: (journal) => codeRunner(machine, env, journal, trace) }, parent, txs);
    },
    call: (state, env, request, gas, overrides, trace) => runCall(machine, state, env, { request, gas, overrides, trace }),
  };
}
