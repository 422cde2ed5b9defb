/** One EVM over one switchable state. Whoever uses it has it alone: the service runs blocks and calls one after another. */
import { createEVM, type EVMMockBlockchainInterface } from "@ethereumjs/evm";
import { createVM, type VM } from "@ethereumjs/vm";
import { blockNumber } from "@noema/core/block-number";
import { ZERO_HASH } from "@noema/core/bytes";
import type { BlockNumber, Hash } from "@noema/core/ports/bytes";
import type { PrecompileSet, TxCounters } from "@noema/core/ports/precompiles";
import { type Fork, forkOf } from "../../rules/forks.ts";
import { createAccessJournal } from "./access-journal.ts";
import { createSharedCommon } from "./common.ts";
import { mendInterpreter } from "./interpreter.ts";
import { nativeCustomPrecompiles } from "./native-precompiles.ts";
import { customPrecompiles } from "./precompiles.ts";
import { createStateManager, type SwitchableState } from "./state-manager.ts";

export type Machine = {
  fork: Fork;
  chainId: bigint;
  vm: VM;
  state: SwitchableState;
  precompiles: PrecompileSet;
  /** By hex of the address: warm from the start (EIP-2929), also where a question has moved one. */
  usualPrecompiles: VM["evm"]["precompiles"];
  /** Of the transaction or call that runs now. */
  counters: TxCounters;
  /** BLOCKHASH of what runs now. */
  blockHash(number: BlockNumber): Hash | undefined;
};

/** `goOn`: asked by each frame and each jump, so that no program goes on without; what it throws, a NoemaError, ends the run. Throws EXEC_FORK_UNKNOWN. */
export async function createMachine(name: string, chainId: number, precompiles: PrecompileSet, goOn?: () => void): Promise<Machine> {
  const fork = forkOf(name);
  const common = createSharedCommon(name, chainId);
  const state = createStateManager();
  const blockchain: EVMMockBlockchainInterface = {
    getBlock: async (number) => ({ hash: () => machine.blockHash(blockNumber(Number(number))) ?? ZERO_HASH }),
    putBlock: async () => undefined,
    shallowCopy: () => blockchain,
  };
  const evm = await createEVM({
    common,
    stateManager: state,
    blockchain,
    customPrecompiles: [...nativeCustomPrecompiles(fork), ...customPrecompiles(precompiles, () => machine.counters)],
  });
  evm.journal = createAccessJournal(state);
  // Nobody listens; the library waits for its listeners twice a call.
  (evm as unknown as { _emit(): void })._emit = () => undefined;
  await mendInterpreter(evm, state, goOn);
  const machine: Machine = {
    fork,
    chainId: BigInt(chainId),
    vm: await createVM({ common, stateManager: state, blockchain, evm }),
    state,
    precompiles,
    usualPrecompiles: evm.precompiles,
    counters: { units: 0, warm: new Set() },
    blockHash: () => undefined,
  };
  return machine;
}
