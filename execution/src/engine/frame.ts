/**
 * A call within a transaction: what the library's runCall, _executeCall and runInterpreter do for it in the forks of forks.ts,
 * without their thirty waits, so that a call of a precompile costs about what its gas pays for.
 */
import { EVMError } from "@ethereumjs/evm";
import type { Address } from "@ethereumjs/util";
import { toHex } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import { isDelegation } from "../state/delegation.ts";
import type { Journal } from "../state/journal.ts";
import type { Interpreter, InterpreterClass, Log } from "./library-interpreter.ts";

export type Call = {
  caller: Address;
  /** Whose state it runs on, and who gets the value. */
  to: Address;
  /** Whose code runs. */
  code: Address;
  value: bigint;
  /** DELEGATECALL: the value is the caller's own and goes nowhere. */
  delegate: boolean;
  isStatic: boolean;
  data: Bytes;
  gasLimit: bigint;
};
type Outcome = { error?: EVMError; gasUsed: bigint; gasRefund: bigint; output: Bytes; logs?: readonly Log[] };

const { errorMessages } = EVMError;
const NOTHING = new Uint8Array(0);
export const MAX_DEPTH = 1024;
/** Frames that may stand on the native stack at once: about 2 KB each, where the main thread has 984 KB. */
const STACKED = 16;
const MAX_BALANCE = 2n ** 256n - 1n;

/** 1 where it succeeded, and what it returned in the caller's `returnBytes`. At once, unless code of the EVM runs. */
export function callFrame(parent: Interpreter, call: Call): bigint | Promise<bigint> {
  const { _env: env, _runState: state } = parent;
  state.returnBytes = NOTHING;
  if (env.depth >= MAX_DEPTH || (!call.delegate && env.contract.balance < call.value)) return 0n;
  const takeBack = marks(parent);
  parent.journal.checkpointNow();
  if (parent.common.isActivatedEIP(1153)) parent._evm.transientStorage.checkpoint();
  const outcome = enter(parent, call);
  if (outcome instanceof Promise) return outcome.then((result) => leave(parent, result, takeBack));
  return leave(parent, outcome, takeBack);
}

function enter(parent: Interpreter, call: Call): Outcome | Promise<Outcome> {
  const state = parent._stateManager.journal();
  const refused = call.delegate ? undefined : transfer(parent, state, call);
  if (refused !== undefined) return { error: refused, gasUsed: 0n, gasRefund: 0n, output: NOTHING };
  const precompile = parent._evm.precompiles.get(toHex(call.code.bytes));
  if (precompile !== undefined) {
    const result = parent._evm.runPrecompile(precompile, call.data, call.gasLimit);
    const outcome = ({ exceptionError, executionGasUsed, returnValue }: Awaited<typeof result>) => ({
      error: exceptionError,
      gasUsed: executionGasUsed,
      gasRefund: parent._runState.gasRefund,
      output: returnValue,
    });
    return result instanceof Promise ? result.then(outcome) : outcome(result);
  }
  const code = codeOf(parent, state, call.code);
  if (code.length === 0) return { gasUsed: 0n, gasRefund: parent._runState.gasRefund, output: NOTHING };
  return interpret(parent, call, code);
}

/** The account that is called counts as touched (EIP-161) also where it gets nothing. */
function transfer({ journal }: Interpreter, state: Journal, { caller, to, value }: Call): EVMError | undefined {
  if (value > 0n) {
    const from = state.account(caller.bytes) ?? EMPTY_ACCOUNT;
    if (from.balance < value) return new EVMError(errorMessages.INSUFFICIENT_BALANCE);
    state.setAccount(caller.bytes, { ...from, balance: from.balance - value });
  }
  const target = state.account(to.bytes);
  if (target === undefined && value === 0n) return undefined;
  journal.touch(toHex(to.bytes));
  if (value === 0n) return undefined;
  journal.touch(toHex(caller.bytes));
  const { balance } = target ?? EMPTY_ACCOUNT;
  if (balance + value > MAX_BALANCE) return new EVMError(errorMessages.VALUE_OVERFLOW);
  state.setAccount(to.bytes, { ...(target ?? EMPTY_ACCOUNT), balance: balance + value });
  return undefined;
}

/** EIP-7702: of a delegated account, the code that it names; one step. */
function codeOf({ common }: Interpreter, state: Journal, { bytes }: Address): Bytes {
  const read = (address: Bytes) => {
    const account = state.account(address);
    return account === undefined ? NOTHING : state.code(account.codeHash);
  };
  const code = read(bytes);
  return common.isActivatedEIP(7702) && isDelegation(code) ? read(code.subarray(3)) : code;
}

async function interpret(parent: Interpreter, call: Call, code: Bytes): Promise<Outcome> {
  const { _evm: evm, _env: env, _stateManager: manager, _runState: state, _result: result } = parent;
  const frame = new (parent.constructor as unknown as InterpreterClass)(
    evm,
    manager,
    state.blockchain,
    {
      address: call.to,
      caller: call.caller,
      callData: call.data,
      callValue: call.value,
      code,
      isStatic: call.isStatic,
      isCreate: false,
      depth: env.depth + 1,
      gasPrice: evm._tx.gasPrice,
      origin: evm._tx.origin,
      block: evm._block,
      contract: manager.accountOf(call.to),
      codeAddress: call.code,
      gasRefund: state.gasRefund,
      chargeCodeAccesses: true,
      blobVersionedHashes: env.blobVersionedHashes,
      createdAddresses: result.createdAddresses,
    },
    call.gasLimit,
    parent.journal,
    parent.performanceLogger,
    parent.profilerOpts,
  );
  if (frame._env.depth % STACKED === 0) await undefined;
  frame._result.selfdestruct = result.selfdestruct;
  frame._result.createdAddresses = result.createdAddresses;
  const { exceptionError: error } = await frame.run(code);
  const all = error !== undefined && error.error !== errorMessages.REVERT;
  return {
    error,
    gasUsed: all ? call.gasLimit : call.gasLimit - frame._runState.gasLeft,
    gasRefund: frame._runState.gasRefund,
    output: frame._result.returnValue ?? NOTHING,
    logs: frame._result.logs,
  };
}

function leave(parent: Interpreter, { error, gasUsed, gasRefund, output, logs }: Outcome, takeBack: () => void): bigint {
  const { _runState: state, _evm: evm, _result: result } = parent;
  const transient = parent.common.isActivatedEIP(1153);
  if (error !== undefined) {
    parent.journal.revertNow();
    if (transient) evm.transientStorage.revert();
    takeBack();
  } else {
    parent.journal.commitNow();
    if (transient) evm.transientStorage.commit();
    for (const log of logs ?? []) result.logs.push(log);
  }
  parent.useGas(gasUsed);
  if (error === undefined || error.error === errorMessages.REVERT) state.returnBytes = output;
  if (error !== undefined) return 0n;
  refresh(parent);
  state.gasRefund = gasRefund;
  return 1n;
}

/** The contract's account may have changed in a frame below it. */
export function refresh(frame: Interpreter): void {
  if (frame._stateManager.journal().account(frame._env.address.bytes) === undefined)
    throw new NoemaError("EXEC_ENGINE_FAILED", "the contract that runs has no account");
  frame._env.contract = frame._stateManager.accountOf(frame._env.address);
}

/** Collections that all frames of a transaction share: a frame that fails takes its additions back. */
export function marks({ _result: { selfdestruct, createdAddresses } }: Interpreter): () => void {
  const [destroyed, created] = [selfdestruct.size, createdAddresses?.size ?? 0];
  return () => {
    shorten(selfdestruct, destroyed);
    if (createdAddresses !== undefined) shorten(createdAddresses, created);
  };
}

/** Both kinds keep the order of insertion. Walking costs less than the 5,000 gas of the entry that makes it necessary. */
function shorten(collection: Map<string, unknown> | Set<string>, size: number): void {
  if (collection.size === size) return;
  let position = 0;
  for (const key of collection.keys()) if (position++ >= size) collection.delete(key);
}
