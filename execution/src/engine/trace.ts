/** What a run tells whoever looks on: as much as Ethereum's struct logger and call tracer need. Whoever does not ask pays nothing. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { PrecompileSet } from "@noema/core/ports/precompiles";
import type { FlatState } from "../state/reader.ts";

/** Before an opcode is executed. `memory` and `returnData` are the engine's own: copy what is kept. */
export type TraceStep = {
  pc: number;
  opcode: number;
  /** Gas before it, and what it takes; of a call without what is passed on, so far as `passed` says. */
  gas: bigint;
  cost: bigint;
  /** A call's: what the callee gets, the stipend aside. */
  passed?: bigint;
  /** 0: the transaction's own message. */
  depth: number;
  /** Gas to give back, of the transaction so far. */
  refund: bigint;
  /** The top is last. */
  stack: readonly bigint[];
  memory: Bytes;
  returnData: Bytes;
  /** Whose storage. */
  address: Bytes;
  /** Why it is not executed: it ends the frame. */
  error?: string;
};

export type FrameKind = "CALL" | "CALLCODE" | "DELEGATECALL" | "STATICCALL" | "CREATE" | "CREATE2" | "SELFDESTRUCT";
export type TraceEnter = {
  kind: FrameKind;
  depth: number;
  from: Bytes;
  /** Absent: creates. Of SELFDESTRUCT who gets the balance, of the calls whose code runs. */
  to?: Bytes;
  value: bigint;
  gas: bigint;
  /** The engine's own, as memory is: copy what is kept. */
  input: Bytes;
  /** What is called is no code of the EVM. */
  precompile?: true;
};
/** `error` in the words of CallOutcome; `created`: the contract that the frame made. */
export type TraceExit = { gasUsed: bigint; output: Bytes; error?: string; created?: Bytes };

export interface Tracer {
  step?(step: TraceStep): void;
  enter?(frame: TraceEnter): void;
  /** Of the newest frame that was entered. */
  exit?(end: TraceExit): void;
}

/** A message that begins: a transaction of a block, or a question's. */
export type TraceStart = {
  /** Reads what there is when it is asked: nothing of the message, not even its gas, has changed it yet. */
  state: FlatState;
  from: Bytes;
  to?: Bytes;
  /** All that it may use. */
  gas: bigint;
  coinbase: Bytes;
  /** Who signed its authorizations (EIP-7702), whether they hold or not. */
  authorities: readonly Bytes[];
  /** Of a transaction: its place in the block; `firstLog`: how many logs come before its own. */
  transaction?: { hash: Hash; index: number; firstLog: number };
  /** Of a call that succeeded, while the message runs. */
  inspect?: PrecompileSet["inspect"];
};

export interface MessageTracer extends Tracer {
  /** All that it changed is in the state; `gasUsed` as its receipt has it. */
  end?(gasUsed: bigint): void;
}

/** Who looks on at a message; undefined: nobody, and it runs as ever. */
export type Watch = (start: TraceStart) => MessageTracer | undefined;
