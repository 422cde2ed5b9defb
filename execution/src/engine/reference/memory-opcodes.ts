/** What reads and writes memory, and the end of a frame: gas (Yellow Paper, appendix H) and effect at once, where the library waits. */
import { EVMError } from "@ethereumjs/evm";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { readBigInt, writeBigInt } from "../../rlp/integers.ts";
import type { Entry, GasHandler, Handler, RunState } from "./library-interpreter.ts";
import { memoryGas } from "./memory.ts";

const STOP = 0x00;
const KECCAK256 = 0x20;
const CALLDATALOAD = 0x35;
const CALLDATACOPY = 0x37;
const CODECOPY = 0x39;
const MLOAD = 0x51;
const MSTORE = 0x52;
const MSTORE8 = 0x53;
const LOG0 = 0xa0;
const RETURN = 0xf3;

const { errorMessages } = EVMError;
const NOTHING = new Uint8Array(0);
const WORD = 32n;
const KECCAK_WORD_GAS = 6n;
const COPY_WORD_GAS = 3n;
const LOG_TOPIC_GAS = 375n;
const LOG_BYTE_GAS = 8n;

/** The `depth`-th of the stack from its top, which stays. */
function peek({ stack }: RunState, depth: number): bigint {
  return stack.length > depth ? (stack._store[stack.length - 1 - depth] as bigint) : stack.pop();
}

/** Missing operands: the last pops find nothing. */
function range(state: RunState, at: number, length: number): [bigint, bigint] {
  const most = Math.max(at, length);
  if (state.stack.length <= most) throw new EVMError(errorMessages.STACK_UNDERFLOW);
  return [peek(state, at), peek(state, length)];
}

const ofWord =
  (bytes: bigint): GasHandler =>
  (state, base) =>
    base + memoryGas(state, range(state, 0, 0)[0], bytes);

const ofRange =
  (at: number, length: number, wordGas: bigint): GasHandler =>
  (state, base) => {
    const [offset, size] = range(state, at, length);
    return base + memoryGas(state, offset, size) + (wordGas === 0n ? 0n : ((size + WORD - 1n) / WORD) * wordGas);
  };

const logGas: GasHandler = (state, base) => {
  if (state.interpreter._env.isStatic) throw new EVMError(errorMessages.STATIC_STATE_CHANGE);
  const [offset, size] = range(state, 0, 1);
  return base + memoryGas(state, offset, size) + LOG_TOPIC_GAS * BigInt(state.opCode - LOG0) + LOG_BYTE_GAS * size;
};

/** Of a range that the stack names; a copy, since it is kept. */
function taken({ stack, memory }: RunState): Bytes {
  const offset = stack.pop();
  const size = stack.pop();
  return size === 0n ? NOTHING : memory.read(Number(offset), Number(size));
}

/** Zeros where the data has ended. */
function copy({ stack, memory }: RunState, data: Bytes): void {
  const to = stack.pop();
  const from = stack.pop();
  const size = Number(stack.pop());
  if (size === 0) return;
  const out = new Uint8Array(size);
  if (from < BigInt(data.length)) out.set(data.subarray(Number(from), Number(from) + size));
  memory.write(Number(to), size, out);
}

function loadCalldata({ stack, interpreter }: RunState): void {
  const { callData } = interpreter._env;
  const at = stack.pop();
  const from = at < BigInt(callData.length) ? Number(at) : callData.length;
  const length = Math.min(32, callData.length - from);
  const value = readBigInt(callData, from, length);
  stack.push(length === 32 ? value : value << BigInt(8 * (32 - length)));
}

function log(state: RunState): void {
  const { stack, interpreter, opCode } = state;
  const data = taken(state);
  const topics: Bytes[] = [];
  for (let i = LOG0; i < opCode; i++) {
    const topic = new Uint8Array(32);
    writeBigInt(stack.pop(), topic, 0, 32);
    topics.push(topic);
  }
  interpreter._result.logs.push([interpreter._env.address.bytes, topics, data]);
}

function hash({ stack, memory }: RunState): void {
  const offset = stack.pop();
  const size = stack.pop();
  const data = size === 0n ? NOTHING : memory.read(Number(offset), Number(size), true);
  stack.push(readBigInt(keccak256(data), 0, 32));
}

/** Ends the loop without an exception. */
function stop(state: RunState): void {
  state.programCounter = state.code.length;
}

function finish(state: RunState): void {
  state.interpreter._result.returnValue = taken(state);
  stop(state);
}

export function memoryOpcodes(opcodes: readonly Entry[]): ReadonlyMap<number, Entry> {
  const entry = (opcode: number, gasHandler: GasHandler, opHandler: Handler): [number, Entry] => [
    opcode,
    { ...(opcodes[opcode] as Entry), gasHandler, opHandler },
  ];
  return new Map([
    entry(STOP, (_, base) => base, stop),
    entry(KECCAK256, ofRange(0, 1, KECCAK_WORD_GAS), hash),
    entry(CALLDATALOAD, (_, base) => base, loadCalldata),
    entry(CALLDATACOPY, ofRange(0, 2, COPY_WORD_GAS), (state) => copy(state, state.interpreter._env.callData)),
    entry(CODECOPY, ofRange(0, 2, COPY_WORD_GAS), (state) => copy(state, state.interpreter._env.code)),
    entry(MLOAD, ofWord(WORD), ({ stack, memory }) => stack.push(memory.readWord(Number(stack.pop())))),
    entry(MSTORE, ofWord(WORD), ({ stack, memory }) => memory.writeWord(Number(stack.pop()), stack.pop())),
    entry(MSTORE8, ofWord(1n), ({ stack, memory }) => memory.writeByte(Number(stack.pop()), Number(stack.pop() & 255n))),
    ...[0, 1, 2, 3, 4].map((topics) => entry(LOG0 + topics, logGas, log)),
    entry(RETURN, ofRange(0, 1, 0n), finish),
  ]);
}
