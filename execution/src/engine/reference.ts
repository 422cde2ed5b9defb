/** The reference engine: @ethereumjs/vm, the source of hard-fork semantics, over our state. */
import { createBlockHeader } from "@ethereumjs/block";
import type { Common } from "@ethereumjs/common";
import type { PrecompileSet } from "@noema/core/ports/precompiles";
import { runCall } from "./call.ts";
import type { ExecutionEngine } from "./engine.ts";
import { createMachine } from "./machine.ts";
import { runBlock } from "./run-block.ts";

/** Throws EXEC_FORK_UNKNOWN. Not re-entrant: one block or call at a time. */
export async function createReferenceEngine(o: { fork: string; chainId: number; precompiles: PrecompileSet }): Promise<ExecutionEngine> {
  const machine = await createMachine(o.fork, o.chainId, o.precompiles);
  const { common } = machine.vm;
  return {
    executeBlock: (parent, env, txs) => runBlock(machine, parent, env, txs),
    call: (state, env, request, gas, overrides) => runCall(machine, state, env, request, gas, overrides),
    // A header of the library's takes no field that its fork does not have.
    baseFeeAfter: ({ gasLimit, gasUsed, baseFeePerGas }) =>
      common.isActivatedEIP(1559) ? headerOf(common, { gasLimit, gasUsed, baseFeePerGas }).calcNextBaseFee() : 0n,
    excessBlobGasAfter: ({ baseFeePerGas, blobGasUsed, excessBlobGas }) =>
      common.isActivatedEIP(4844) ? headerOf(common, { baseFeePerGas, blobGasUsed, excessBlobGas }).calcNextExcessBlobGas(common) : 0n,
    blobBaseFee: (excessBlobGas) => (common.isActivatedEIP(4844) ? headerOf(common, { excessBlobGas }).getBlobGasPrice() : 0n),
    transactionGasCap: common.isActivatedEIP(7825) ? common.param("maxTransactionGasLimit") : undefined,
  };
}

function headerOf(common: Common, data: Record<string, bigint>) {
  return createBlockHeader(data, { common, skipConsensusFormatValidation: true });
}
