/**
 * A call within a transaction: what the library's runCall, _executeCall and runInterpreter do for it in the forks of forks.ts,
 * without their thirty waits, so that a call of a precompile costs about what its gas pays for.
 */
import { EVMError, type ExecResult, type PrecompileFunc } from "@ethereumjs/evm";
import type { Address } from "@ethereumjs/util";
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { execError } from "../../errors.ts";
import { EMPTY_ACCOUNT, hasCode } from "../../state/account.ts";
import { delegateOf } from "../../state/delegation.ts";
import type { Journal } from "../../state/journal.ts";
import { CONSOLE } from "../console.ts";
import type { FrameKind, TraceEnter } from "../trace.ts";
import { failureReason } from "./failure.ts";
import type { Callee, Interpreter, Log, RunState } from "./library-interpreter.ts";
import { newFrame } from "./new-frame.ts";

export type Call = {
  kind: FrameKind;
  caller: Address;
  /** Whose state it runs on, and who gets the value. */
  to: Address;
  /** Whose code runs. */
  code: Callee;
  value: bigint;
  /** DELEGATECALL: the value is the caller's own and goes nowhere. */
  delegate: boolean;
  isStatic: boolean;
  data: Bytes;
  gasLimit: bigint;
};
/** `gasRefund`: of the transaction so far, where it may have changed. `runState`: of code that failed. */
export type Outcome = {
  error?: EVMError;
  gasUsed: bigint;
  gasRefund?: bigint;
  output: Bytes;
  logs?: readonly Log[];
  runState?: RunState;
};
/** Reads state at most. */
type Pure = (parent: Interpreter, call: Call) => Outcome | Promise<Outcome>;

const { errorMessages } = EVMError;
const NOTHING = new Uint8Array(0);
export const MAX_DEPTH = 1024;
/** Frames that may stand on the native stack at once: about 2 KB each, where the main thread has 984 KB. */
const STACKED = 16;
const MAX_BALANCE = 2n ** 256n - 1n;

/** 1 where it succeeded, and what it returned in the caller's `returnBytes`. */
export function callFrame(parent: Interpreter, call: Call): bigint | Promise<bigint> {
  const { _env: env, _runState: state } = parent;
  state.returnBytes = NOTHING;
  parent._evm.tracer?.enter?.(entered(parent, call));
  if (env.depth >= MAX_DEPTH) return refuse(parent, "max call depth exceeded");
  if (!call.delegate && env.contract.balance < call.value) return refuse(parent, "insufficient balance for transfer");
  const outcome = enterFrame(parent, call);
  return outcome instanceof Promise ? outcome.then((result) => settle(parent, result)) : settle(parent, outcome);
}

/** Runs what is called, and keeps or takes back what it did. At once, unless code of the EVM runs. */
export function enterFrame(parent: Interpreter, call: Call): Outcome | Promise<Outcome> {
  const run = programOf(parent, call);
  if (!(run instanceof Uint8Array) && (call.delegate || call.value === 0n)) return callPure(parent, call, run);
  const takeBack = marks(parent);
  parent.journal.checkpointNow();
  if (parent.common.isActivatedEIP(1153)) parent._evm.transientStorage.checkpoint();
  const refused = call.delegate ? undefined : transfer(parent, call);
  const outcome =
    refused !== undefined
      ? { error: refused, gasUsed: 0n, output: NOTHING }
      : run instanceof Uint8Array
        ? interpret(parent, call, run)
        : run(parent, call);
  if (outcome instanceof Promise) return outcome.then((result) => leave(parent, result, takeBack));
  return leave(parent, outcome, takeBack);
}

function entered({ _env: env, _evm: evm }: Interpreter, { kind, code, value, gasLimit, data }: Call): TraceEnter {
  const precompile = evm.precompiles.has(code.hex) ? { precompile: true as const } : {};
  return { kind, depth: env.depth + 1, from: env.address.bytes, to: code.address.bytes, value, gas: gasLimit, input: data, ...precompile };
}

function refuse({ _evm: evm }: Interpreter, error: string): bigint {
  evm.tracer?.exit?.({ gasUsed: 0n, output: NOTHING, error });
  return 0n;
}

/** What runs: code of the EVM, or what changes no state, a precompile or nothing at all. */
function programOf(parent: Interpreter, { code }: Call): Bytes | Pure {
  if (parent._evm.precompiles.has(code.hex)) return precompile;
  const bytes = codeOf(parent, parent._stateManager.journal(), code);
  return bytes.length === 0 ? nothing : bytes;
}

const nothing: Pure = ({ _evm: evm }, { code, data }) => {
  if (evm.console !== undefined && code.hex === CONSOLE) evm.console.hear(data);
  return { gasUsed: 0n, output: NOTHING };
};

const precompile: Pure = ({ _evm: evm }, { code, data, gasLimit }) => {
  const result = evm.runPrecompile(evm.precompiles.get(code.hex) as PrecompileFunc, data, gasLimit);
  return result instanceof Promise ? result.then(outcomeOf) : outcomeOf(result);
};

function outcomeOf({ exceptionError, executionGasUsed, returnValue }: ExecResult): Outcome {
  return { error: exceptionError, gasUsed: executionGasUsed, output: returnValue };
}

/** Nothing moves and nothing changes, so there is nothing to take back. */
function callPure(parent: Interpreter, call: Call, run: Pure): Outcome | Promise<Outcome> {
  const finish = (outcome: Outcome) => {
    if (!call.delegate) touch(parent, call, outcome.error === undefined);
    return outcome;
  };
  const outcome = run(parent, call);
  return outcome instanceof Promise ? outcome.then(finish) : finish(outcome);
}

/** The account that is called counts as touched (EIP-161) also where it gets nothing. */
function touch({ journal, _stateManager }: Interpreter, { to, code }: Call, ok: boolean): void {
  const hex = to === code.address ? code.hex : toHex(to.bytes);
  if (_stateManager.journal().account(to.bytes, hex) === undefined) return;
  if (ok) journal.touch(hex);
  else journal.touchFailed(hex);
}

function transfer(parent: Interpreter, call: Call): EVMError | undefined {
  const { caller, to, value } = call;
  touch(parent, call, true);
  if (value === 0n) return undefined;
  const { journal } = parent;
  const state = parent._stateManager.journal();
  const from = state.account(caller.bytes) ?? EMPTY_ACCOUNT;
  if (from.balance < value) return new EVMError(errorMessages.INSUFFICIENT_BALANCE);
  state.setAccount(caller.bytes, { ...from, balance: from.balance - value });
  journal.touch(toHex(to.bytes));
  journal.touch(toHex(caller.bytes));
  const target = state.account(to.bytes) ?? EMPTY_ACCOUNT;
  const balance = target.balance + value;
  if (balance > MAX_BALANCE) return new EVMError(errorMessages.VALUE_OVERFLOW);
  state.setAccount(to.bytes, { ...target, balance });
  return undefined;
}

/** EIP-7702: of a delegated account, the code that it names; one step. */
function codeOf({ common }: Interpreter, state: Journal, { address, hex }: Callee): Bytes {
  const read = (bytes: Bytes, id?: string) => {
    const account = state.account(bytes, id);
    return account === undefined || !hasCode(account) ? NOTHING : state.code(account.codeHash);
  };
  const code = read(address.bytes, hex);
  const delegate = common.isActivatedEIP(7702) ? delegateOf(code) : undefined;
  return delegate === undefined ? code : read(delegate);
}

async function interpret(parent: Interpreter, call: Call, code: Bytes): Promise<Outcome> {
  const { _evm: evm, _stateManager: manager, _runState: state, _result: result } = parent;
  const env = {
    address: call.to,
    caller: call.caller,
    callData: call.data,
    callValue: call.value,
    code,
    isStatic: call.isStatic,
    isCreate: false,
    depth: parent._env.depth + 1,
    gasPrice: evm._tx.gasPrice,
    origin: evm._tx.origin,
    block: evm._block,
    contract: manager.accountOf(call.to),
    codeAddress: call.code.address,
    gasRefund: state.gasRefund,
    chargeCodeAccesses: true,
    blobVersionedHashes: parent._env.blobVersionedHashes,
    createdAddresses: result.createdAddresses,
  };
  const shares = {
    gas: call.gasLimit,
    gasRefund: state.gasRefund,
    selfdestruct: result.selfdestruct,
    createdAddresses: result.createdAddresses,
  };
  const frame = newFrame(evm, env, shares);
  if (frame._env.depth % STACKED === 0) await undefined;
  const { exceptionError: error } = await frame.run(code);
  const all = error !== undefined && error.error !== errorMessages.REVERT;
  return {
    error,
    gasUsed: all ? call.gasLimit : call.gasLimit - frame._runState.gasLeft,
    gasRefund: frame._runState.gasRefund,
    output: frame._result.returnValue ?? NOTHING,
    logs: frame._result.logs,
    runState: error && frame._runState,
  };
}

function leave(parent: Interpreter, outcome: Outcome, takeBack: () => void): Outcome {
  const { _runState: state, _evm: evm, _result: result } = parent;
  const transient = parent.common.isActivatedEIP(1153);
  if (outcome.error !== undefined) {
    parent.journal.revertNow();
    if (transient) evm.transientStorage.revert();
    takeBack();
  } else {
    parent.journal.commitNow();
    if (transient) evm.transientStorage.commit();
    for (const log of outcome.logs ?? []) result.logs.push(log);
    refresh(parent);
    if (outcome.gasRefund !== undefined) state.gasRefund = outcome.gasRefund;
  }
  return outcome;
}

function settle(parent: Interpreter, { error, gasUsed, output, runState }: Outcome): bigint {
  const { tracer } = parent._evm;
  if (tracer !== undefined) tracer.exit?.({ gasUsed, output, ...(error && { error: failureReason({ exceptionError: error, runState }) }) });
  parent.useGas(gasUsed);
  if (error === undefined || error.error === errorMessages.REVERT) parent._runState.returnBytes = output;
  return error === undefined ? 1n : 0n;
}

/** The contract's account may have changed in a frame below it. */
export function refresh(frame: Interpreter): void {
  if (frame._stateManager.journal().account(frame._env.address.bytes) === undefined)
    throw execError("EXEC_ENGINE_FAILED", "the contract that runs has no account");
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
