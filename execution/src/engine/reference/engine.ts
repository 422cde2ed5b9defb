/** The reference engine: @ethereumjs/vm, the source of hard-fork semantics, over our state. */
import type { PrecompileSet } from "@noema/core/ports/precompiles";
import type { ExecutionEngine } from "../engine.ts";
import { runCall } from "./call.ts";
import { createMachine } from "./machine.ts";
import { runBlock } from "./run-block.ts";

export type EngineOptions = { fork: string; chainId: number; precompiles: PrecompileSet; goOn?(): void };

/** Throws EXEC_FORK_UNKNOWN. Not re-entrant: one block or call at a time. */
export async function createReferenceEngine(o: EngineOptions): Promise<ExecutionEngine> {
  const machine = await createMachine(o.fork, o.chainId, o.precompiles, o.goOn);
  return {
    executeBlock: (parent, env, txs, trace) => runBlock(machine, parent, env, txs, trace),
    call: (state, env, request, gas, overrides, trace) => runCall(machine, state, env, { request, gas, overrides, trace }),
  };
}
