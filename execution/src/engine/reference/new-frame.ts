/** A frame of the library's interpreter, without its constructor, which takes 8 KiB for each. */
import type { Bytes } from "@noema/core/ports/bytes";
import type { Environment, Evm, Interpreter, RunState } from "./library-interpreter.ts";
import { Memory } from "./memory.ts";

const NOTHING: Bytes = new Uint8Array(0);

export type FrameShares = { gas: bigint; gasRefund: bigint; selfdestruct: Map<string, string>; createdAddresses?: Set<string> };

export function newFrame(evm: Evm, env: Environment, { gas, gasRefund, selfdestruct, createdAddresses }: FrameShares): Interpreter {
  const frame: Interpreter = Object.create(evm.parts.prototype);
  const state = {
    programCounter: 0,
    opCode: 0,
    code: NOTHING,
    validJumps: NOTHING,
    stack: new evm.parts.Stack(),
    memory: new Memory(),
    memoryWordCount: 0n,
    highestMemCost: 0n,
    call: undefined,
    slot: undefined,
    stateManager: evm.stateManager,
    blockchain: evm.blockchain,
    env,
    interpreter: frame,
    gasLeft: gas,
    gasRefund,
    stateGasSpilled: 0n,
    returnBytes: NOTHING,
  } as unknown as RunState;
  return Object.assign(frame, {
    common: evm.common,
    journal: evm.journal,
    performanceLogger: undefined,
    profilerOpts: undefined,
    _evm: evm,
    _stateManager: evm.stateManager,
    _runState: state,
    _env: env,
    _result: { logs: [], returnValue: undefined, selfdestruct, createdAddresses },
  });
}
