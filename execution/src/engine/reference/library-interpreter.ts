/** What we use of the library's interpreter, whose class is neither exported nor typed for others. */
import type { EVM, EVMError, EVMResult, ExecResult, Message, PrecompileFunc } from "@ethereumjs/evm";
import type { Account, Address } from "@ethereumjs/util";
import type { Bytes } from "@noema/core/ports/bytes";
import { execError } from "../../errors.ts";
import { createJournal } from "../../state/journal.ts";
import type { Console } from "../console.ts";
import type { Tracer } from "../trace.ts";
import type { AccessJournal } from "./access-journal.ts";
import type { Memory } from "./memory.ts";
import type { SwitchableState } from "./state-manager.ts";

export type Callee = { address: Address; hex: string };
/** What a call's operands ask for. `gas`: what it may use, the stipend aside. */
export type PendingCall = { callee: Callee; value: bigint; from: bigint; length: bigint; to: bigint; most: bigint; gas: bigint };
/** A slot's key as bytes and as hex. */
export type Slot = { key: Bytes; hex: string };
/** What a storage opcode's operands ask for. `owner`: the address by hex. */
export type PendingSlot = Slot & { address: Bytes; owner: string; value: bigint };
export type RunState = {
  programCounter: number;
  opCode: number;
  code: Bytes;
  validJumps: Bytes;
  stack: {
    readonly length: number;
    /** Its first `length`. */
    _store: bigint[];
    push(value: bigint): void;
    pop(): bigint;
    popN(count: number): bigint[];
    getStack(): bigint[];
  };
  memory: Memory;
  memoryWordCount: bigint;
  highestMemCost: bigint;
  /** For the call or the slot that comes next, by its gas handler. */
  call?: PendingCall;
  slot?: PendingSlot;
  gasLeft: bigint;
  gasRefund: bigint;
  returnBytes: Bytes;
  blockchain: unknown;
  interpreter: Interpreter;
};
export type Handler = (state: RunState, common: unknown) => unknown;
export type GasHandler = (state: RunState, gas: bigint, common: unknown) => bigint | Promise<bigint>;
export type Entry = {
  opcodeInfo: { feeBigInt: bigint; dynamicGas: boolean; isInvalid: boolean };
  opHandler: Handler;
  gasHandler: GasHandler;
};

export type Evm = Omit<EVM, "journal" | "stateManager"> & {
  journal: AccessJournal;
  stateManager: SwitchableState;
  _opcodeMap: Entry[];
  parts: FrameParts;
  /** Throws where the run is given up. */
  goOn?: () => void;
  /** Of the transaction that runs, on a chain for development. */
  console?: Console;
  /** Of the run that goes on; opcodes come from the second table then. */
  tracer?: Tracer;
  tracedOpcodes: Entry[];
  _tx: { gasPrice: bigint; origin: Address };
  _block: unknown;
  _generateAddress(message: Message): Promise<Address>;
  runPrecompile(precompile: PrecompileFunc, data: Bytes, gasLimit: bigint): ExecResult | Promise<ExecResult>;
  runCall(options: { message: Message }): Promise<EVMResult>;
  postMessageCleanup(): void;
};
export type Environment = {
  address: Address;
  caller: Address;
  callData: Bytes;
  callValue: bigint;
  code: Bytes;
  isStatic: boolean;
  isCreate: boolean;
  depth: number;
  gasPrice: bigint;
  origin: Address;
  block: unknown;
  contract: Account;
  codeAddress: Address;
  gasRefund: bigint;
  chargeCodeAccesses: boolean;
  blobVersionedHashes: Message["blobVersionedHashes"];
  createdAddresses?: Set<string>;
};
export type Log = NonNullable<ExecResult["logs"]>[number];
export type Interpreter = {
  common: EVM["common"];
  journal: AccessJournal;
  performanceLogger: unknown;
  profilerOpts: unknown;
  _evm: Evm;
  _stateManager: SwitchableState;
  _runState: RunState;
  _env: Environment;
  _result: { logs: Log[]; returnValue?: Bytes; selfdestruct: Map<string, string>; createdAddresses?: Set<string> };
  useGas(amount: bigint): void;
  run(code: Bytes, options?: { pc?: number }): Promise<{ runState: RunState; exceptionError?: EVMError }>;
  create(gasLimit: bigint, value: bigint, code: Bytes, salt?: Bytes): Promise<bigint>;
};
/** What frames are made of: the interpreter's methods, and its stack. */
export type FrameParts = { prototype: Interpreter; Stack: new () => RunState["stack"] };

const NOTHING = new Uint8Array(0);

/** An instance comes with every result. `state` is left with an empty journal. */
export async function frameParts(evm: EVM, state: SwitchableState): Promise<FrameParts> {
  state.use(createJournal({ account: () => undefined, slot: () => NOTHING, code: () => NOTHING }));
  const { runState } = await evm.runCode({ code: Uint8Array.of(0) });
  if (runState === undefined) throw execError("EXEC_ENGINE_FAILED", "the library's interpreter cannot be reached");
  const { interpreter, stack } = runState;
  return { prototype: Object.getPrototypeOf(interpreter), Stack: stack.constructor as FrameParts["Stack"] };
}
