/** CALL, CALLCODE, DELEGATECALL and STATICCALL: gas (EIP-150, 161, 2929, 7702) and what they do, in the forks of forks.ts. */
import { EVMError } from "@ethereumjs/evm";
import { Address } from "@ethereumjs/util";
import { createBoundedMap } from "@noema/core/bounded";
import { bigIntToBytes, toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { lesser } from "../../bigint.ts";
import { hasCode } from "../../state/account.ts";
import { delegateOf } from "../../state/delegation.ts";
import type { FrameKind } from "../trace.ts";
import { type Call, callFrame } from "./frame.ts";
import type { Callee, Entry, Interpreter, PendingCall, RunState } from "./library-interpreter.ts";
import { memoryGas } from "./memory.ts";

const CALL = 0xf1;
const CALLCODE = 0xf2;
const DELEGATECALL = 0xf4;
const STATICCALL = 0xfa;

const NOTHING = new Uint8Array(0);
const U160 = (1n << 160n) - 1n;

export function callOpcodes(opcodes: readonly Entry[]): ReadonlyMap<number, Entry> {
  return new Map(
    [CALL, CALLCODE, DELEGATECALL, STATICCALL].map((opcode) => [
      opcode,
      {
        ...(opcodes[opcode] as Entry),
        gasHandler: (state, gas) => callGas(opcode, state, gas),
        opHandler: (state) => perform(opcode, state),
      },
    ]),
  );
}

/** Addresses as the stack has them; a loop calls the same one again and again. */
const callees = createBoundedMap<bigint, Callee>(4096);

function calleeOf(value: bigint): Callee {
  let callee = callees.get(value);
  if (callee === undefined) {
    const address = new Address(bigIntToBytes(value, 20));
    callee = { address, hex: toHex(address.bytes) };
    callees.set(value, callee);
  }
  return callee;
}

const KINDS: Record<number, FrameKind> = {
  [CALL]: "CALL",
  [CALLCODE]: "CALLCODE",
  [DELEGATECALL]: "DELEGATECALL",
  [STATICCALL]: "STATICCALL",
};

const takesValue = (opcode: number) => opcode === CALL || opcode === CALLCODE;

/** Takes the operands from the stack, and leaves what is asked for to `perform`, which comes next or never. */
function callGas(opcode: number, state: RunState, base: bigint): bigint {
  const { interpreter, stack } = state;
  const { common, journal } = interpreter;
  const asked = stack.pop();
  const callee = calleeOf(stack.pop() & U160);
  const value = takesValue(opcode) ? stack.pop() : 0n;
  const [from, length, to, most] = [stack.pop(), stack.pop(), stack.pop(), stack.pop()];
  if (opcode === CALL && value !== 0n && interpreter._env.isStatic) throw new EVMError(EVMError.errorMessages.STATIC_STATE_CHANGE);
  const access = (hex: string) => common.param(journal.warm(hex) ? "warmstoragereadGas" : "coldaccountaccessGas");
  let gas = base + memoryGas(state, from, length) + memoryGas(state, to, most) + access(callee.hex);
  if (value !== 0n) gas += common.param("callValueTransferGas");
  if (opcode === CALL && value !== 0n && isDead(interpreter, callee)) gas += common.param("callNewAccountGas");
  if (common.isActivatedEIP(7702)) {
    const named = delegate(interpreter, callee);
    if (named !== undefined) gas += access(toHex(named));
  }
  const left = state.gasLeft - gas;
  if (left < 0n) throw new EVMError(EVMError.errorMessages.OUT_OF_GAS);
  state.call = { callee, value, from, length, to, most, gas: lesser(asked, left - left / 64n) };
  return gas;
}

function isDead({ _stateManager }: Interpreter, { address, hex }: Callee): boolean {
  const account = _stateManager.journal().account(address.bytes, hex);
  return account === undefined || (account.nonce === 0n && account.balance === 0n && !hasCode(account));
}

/** Whom the account delegates to. */
function delegate({ _stateManager }: Interpreter, { address, hex }: Callee): Bytes | undefined {
  const state = _stateManager.journal();
  const account = state.account(address.bytes, hex);
  if (account === undefined || !hasCode(account)) return undefined;
  return delegateOf(state.code(account.codeHash));
}

function perform(opcode: number, state: RunState): void | Promise<void> {
  const { interpreter } = state;
  const { callee, value, from, length, to, most, gas } = state.call as PendingCall;
  const data = length === 0n ? NOTHING : state.memory.read(Number(from), Number(length), true);
  let gasLimit = gas;
  if (value !== 0n) {
    const stipend = interpreter.common.param("callStipendGas");
    state.gasLeft += stipend;
    gasLimit += stipend;
  }
  const finish = (success: bigint) => {
    writeOutput(state, to, most);
    state.stack.push(success);
  };
  const success = callFrame(interpreter, { ...target(opcode, interpreter, callee, value), data, gasLimit });
  if (typeof success === "bigint") return finish(success);
  return success.then(finish);
}

function target(opcode: number, { _env: env }: Interpreter, code: Callee, value: bigint): Omit<Call, "data" | "gasLimit"> {
  const isStatic = env.isStatic || opcode === STATICCALL;
  const kind = KINDS[opcode] as FrameKind;
  if (opcode === DELEGATECALL) return { kind, caller: env.caller, to: env.address, code, value: env.callValue, delegate: true, isStatic };
  return { kind, caller: env.address, to: opcode === CALLCODE ? env.address : code.address, code, value, delegate: false, isStatic };
}

function writeOutput({ memory, returnBytes }: RunState, offset: bigint, most: bigint): void {
  if (most === 0n) return;
  const length = Number(lesser(BigInt(returnBytes.length), most));
  if (length > 0) memory.write(Number(offset), length, returnBytes.subarray(0, length));
}
