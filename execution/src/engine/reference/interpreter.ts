/**
 * Parts of the library's interpreter, without what costs more than its gas pays for. Of the library's own: a call of a contract
 * of 24 KiB that jumps analyses it anew (milliseconds for 100 gas); a call copies all logs, self-destructs and creations of its
 * caller (quadratic in a transaction); a bad jump hashes the whole code for its message; data past its end is padded through a
 * list of numbers; every opcode awaits a promise, and every call thirty (decision 0019).
 *
 * Only the forks of forks.ts: what later ones (EIP-7928, 8037) and EOF do there is left out.
 */
import { type EVM, EVMError, Message } from "@ethereumjs/evm";
import { Address } from "@ethereumjs/util";
import { bytesToBigInt, concatBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { createdAddress as createdAddressOf } from "../../rules/created-address.ts";
import { type CodeFacts, codeFacts } from "../code-facts.ts";
import { callOpcodes } from "./call-opcodes.ts";
import { MAX_DEPTH, marks, refresh } from "./frame.ts";
import { type Entry, type Evm, frameParts, type Handler, type Interpreter, type RunState } from "./library-interpreter.ts";
import { Memory } from "./memory.ts";
import { memoryOpcodes } from "./memory-opcodes.ts";
import type { SwitchableState } from "./state-manager.ts";
import { storageOpcodes } from "./storage-opcodes.ts";
import { tellCreate, tellExit, tellStop, tracedOpcodes } from "./tracing.ts";
import { wordOpcodes } from "./word-opcodes.ts";

const { errorMessages } = EVMError;
const NOTHING = new Uint8Array(0);
const MAX_NONCE = 2n ** 64n - 1n;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;
const JUMP = 0x56;
const JUMPI = 0x57;
/** Both end their frame by going past its end (memory-opcodes.ts). */
const [STOP, RETURN] = [0x00, 0xf3];

/** The methods once in a process, the opcodes of this EVM. `state` is left with an empty journal. */
export async function mendInterpreter(evm: EVM, state: SwitchableState, goOn?: () => void): Promise<void> {
  const ours = evm as unknown as Evm;
  ours.goOn = goOn;
  const { _opcodeMap: opcodes } = ours;
  // The library hashes init code in JavaScript, twice for each creation.
  const addresses = new WeakMap<Message, Address>();
  ours._generateAddress = async (message) => {
    const address = addresses.get(message) ?? createdAddress(message, state);
    addresses.set(message, address);
    return address;
  };
  const replace = (opcode: number, opHandler: Handler) => {
    opcodes[opcode] = { ...(opcodes[opcode] as Entry), opHandler };
  };
  replace(JUMP, (run) => jump(run, run.stack.pop()));
  replace(JUMPI, (run) => {
    const to = run.stack.pop();
    const condition = run.stack.pop();
    if (condition !== 0n) jump(run, to);
  });
  for (const replaced of [callOpcodes, memoryOpcodes, storageOpcodes, wordOpcodes])
    for (const [opcode, entry] of replaced(opcodes)) opcodes[opcode] = entry;
  ours.tracedOpcodes = tracedOpcodes(opcodes);
  ours.parts = await frameParts(evm, state);
  ours.parts.prototype.run = run;
  ours.parts.prototype.create = create;
}

/** Yellow Paper 7, EIP-1014: the sender's nonce has been raised already. */
function createdAddress({ caller, salt, code, data }: Message, state: SwitchableState): Address {
  if (salt === undefined) {
    const nonce = (state.journal().account(caller.bytes)?.nonce ?? 0n) - 1n;
    return new Address(createdAddressOf(caller.bytes, nonce));
  }
  const initCode = code instanceof Uint8Array ? code : data;
  return new Address(keccak256(concatBytes(Uint8Array.of(0xff), caller.bytes, salt, keccak256(initCode))).subarray(12));
}

function jump(state: RunState, to: bigint): void {
  if (to >= BigInt(state.code.length) || state.validJumps[Number(to)] !== 1) throw new EVMError(errorMessages.INVALID_JUMP);
  state.programCounter = Number(to);
}

async function run(this: Interpreter, code: Bytes, { pc = 0 }: { pc?: number } = {}) {
  const { _runState: state, common } = this;
  const { _opcodeMap, tracer, tracedOpcodes: traced, goOn } = this._evm;
  goOn?.();
  const opcodes = tracer === undefined ? _opcodeMap : traced;
  const facts = codeFacts(code);
  state.code = code;
  if (!(state.memory instanceof Memory)) state.memory = new Memory(); // of a creation, whose frame is the library's
  state.programCounter = pc;
  try {
    while (state.programCounter < code.length) {
      const opcode = code[state.programCounter] as number;
      const { opcodeInfo, opHandler, gasHandler } = opcodes[opcode] as Entry;
      state.opCode = opcode;
      let gas = opcodeInfo.feeBigInt;
      if (opcodeInfo.dynamicGas) {
        const dynamic = gasHandler(state, gas, common);
        gas = typeof dynamic === "bigint" ? dynamic : await dynamic;
      }
      if (opcodeInfo.isInvalid) throw new EVMError(errorMessages.INVALID_OPCODE);
      state.gasLeft -= gas;
      if (state.gasLeft < 0n) {
        state.gasLeft = 0n;
        throw new EVMError(errorMessages.OUT_OF_GAS);
      }
      state.programCounter++;
      if (opcode >= PUSH1 && opcode <= PUSH32) {
        push(state, facts, opcode - PUSH1 + 1);
        continue;
      }
      if (opcode === JUMP || opcode === JUMPI) {
        goOn?.();
        state.validJumps = facts.jumps();
      }
      const pending = opHandler(state, common);
      if (pending !== undefined) await pending;
    }
    if (tracer !== undefined && state.opCode !== STOP && state.opCode !== RETURN) tellStop(tracer, state);
  } catch (error) {
    if (!(error instanceof EVMError)) throw error;
    return { runState: state, exceptionError: error.error === errorMessages.STOP ? undefined : error };
  }
  return { runState: state, exceptionError: undefined };
}

function push(state: RunState, facts: CodeFacts, length: number): void {
  state.stack.push(facts.pushed(state.programCounter, length));
  state.programCounter += length;
}

/** EIP-2681, 3860. */
async function create(this: Interpreter, gasLimit: bigint, value: bigint, code: Bytes, salt?: Bytes): Promise<bigint> {
  const { _runState: state, _env: env, _result: result, common } = this;
  state.returnBytes = NOTHING;
  const { tracer } = this._evm;
  tellCreate(tracer, env, { gasLimit, value, code, salt });
  const refuse = (error: string) => {
    tracer?.exit?.({ gasUsed: 0n, output: NOTHING, error });
    return 0n;
  };
  if (env.depth >= MAX_DEPTH) return refuse("max call depth exceeded");
  if (env.contract.balance < value) return refuse("insufficient balance for transfer");
  if (env.contract.nonce >= MAX_NONCE) return refuse("nonce uint64 overflow");
  env.contract.nonce += 1n;
  await this.journal.putAccount(env.address, env.contract);
  if (common.isActivatedEIP(3860) && code.length > Number(common.param("maxInitCodeSize"))) return refuse("max initcode size exceeded");
  const takeBack = marks(this);
  const message = new Message({
    caller: env.address,
    gasLimit,
    value,
    data: code,
    salt,
    depth: env.depth + 1,
    selfdestruct: result.selfdestruct as Message["selfdestruct"],
    createdAddresses: result.createdAddresses as Message["createdAddresses"],
    gasRefund: state.gasRefund,
    blobVersionedHashes: env.blobVersionedHashes,
  });
  const made = await this._evm.runCall({ message });
  tellExit(tracer, made);
  const { createdAddress, execResult } = made;
  const { exceptionError: error, returnValue, executionGasUsed, gasRefund = 0n, logs = [] } = execResult;
  if (error !== undefined) takeBack();
  for (const log of logs) result.logs.push(log);
  this.useGas(executionGasUsed);
  if (error?.error === errorMessages.REVERT) state.returnBytes = returnValue;
  if (error !== undefined) return 0n;
  refresh(this);
  state.gasRefund = gasRefund;
  return createdAddress === undefined ? 1n : bytesToBigInt(createdAddress.bytes);
}
