/** CALL, CALLCODE, DELEGATECALL and STATICCALL: gas (EIP-150, 161, 2929, 7702) and what they do, in the forks of forks.ts. */
import { EVMError } from "@ethereumjs/evm";
import { Address } from "@ethereumjs/util";
import { bigIntToBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { EMPTY_CODE_HASH } from "../state/account.ts";
import { isDelegation } from "../state/delegation.ts";
import { lesser } from "./bigint.ts";
import { type Call, callFrame } from "./frame.ts";
import type { Entry, Interpreter, RunState } from "./library-interpreter.ts";

const CALL = 0xf1;
const CALLCODE = 0xf2;
const DELEGATECALL = 0xf4;
const STATICCALL = 0xfa;

const NOTHING = new Uint8Array(0);
const U160 = (1n << 160n) - 1n;

type Operands = { gas: bigint; to: bigint; value: bigint; memory: readonly [from: bigint, length: bigint, to: bigint, most: bigint] };

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
const addresses = new Map<bigint, Address>();
const MAX_ADDRESSES = 4096;

function addressOf(value: bigint): Address {
  let address = addresses.get(value);
  if (address === undefined) {
    if (addresses.size >= MAX_ADDRESSES) addresses.clear();
    address = new Address(bigIntToBytes(value, 20));
    addresses.set(value, address);
  }
  return address;
}

const takesValue = (opcode: number) => opcode === CALL || opcode === CALLCODE;

function operands(opcode: number, stack: readonly bigint[]): Operands {
  const at = (i: number) => stack[i] as bigint;
  const first = takesValue(opcode) ? 3 : 2;
  return {
    gas: at(0),
    to: at(1) & U160,
    value: takesValue(opcode) ? at(2) : 0n,
    memory: [at(first), at(first + 1), at(first + 2), at(first + 3)],
  };
}

function callGas(opcode: number, state: RunState, base: bigint): bigint {
  const { interpreter } = state;
  const { common, journal } = interpreter;
  const { gas: asked, to, value, memory } = operands(opcode, state.stack.peek(takesValue(opcode) ? 7 : 6));
  if (opcode === CALL && value !== 0n && interpreter._env.isStatic) throw new EVMError(EVMError.errorMessages.STATIC_STATE_CHANGE);
  const access = (address: Bytes) => common.param(journal.warm(address) ? "warmstoragereadGas" : "coldaccountaccessGas");
  const address = addressOf(to).bytes;
  let gas = base + memoryGas(state, memory[0], memory[1]) + memoryGas(state, memory[2], memory[3]) + access(address);
  if (value !== 0n) gas += common.param("callValueTransferGas");
  if (opcode === CALL && value !== 0n && isDead(interpreter, address)) gas += common.param("callNewAccountGas");
  if (common.isActivatedEIP(7702)) {
    const named = delegate(interpreter, address);
    if (named !== undefined) gas += access(named);
  }
  const left = state.gasLeft - gas;
  if (left < 0n) throw new EVMError(EVMError.errorMessages.OUT_OF_GAS);
  state.messageGasLimit = lesser(asked, left - left / 64n);
  return gas;
}

/** Of memory that has not been reached yet: 3 gas a word, and the square of the words by 512 (Yellow Paper, appendix H). */
function memoryGas(state: RunState, offset: bigint, length: bigint): bigint {
  if (length === 0n) return 0n;
  const words = (offset + length + 31n) / 32n;
  if (words <= state.memoryWordCount) return 0n;
  const cost = words * 3n + (words * words) / 512n;
  const before = state.highestMemCost;
  state.memoryWordCount = words;
  state.highestMemCost = cost;
  return cost - before;
}

function isDead({ _stateManager }: Interpreter, address: Bytes): boolean {
  const account = _stateManager.journal().account(address);
  return (
    account === undefined || (account.nonce === 0n && account.balance === 0n && Buffer.compare(account.codeHash, EMPTY_CODE_HASH) === 0)
  );
}

/** Whom the account delegates to. */
function delegate({ _stateManager }: Interpreter, address: Bytes): Bytes | undefined {
  const state = _stateManager.journal();
  const account = state.account(address);
  if (account === undefined) return undefined;
  const code = state.code(account.codeHash);
  return isDelegation(code) ? code.subarray(3) : undefined;
}

function perform(opcode: number, state: RunState): void | Promise<void> {
  const { interpreter } = state;
  const { to, value, memory } = operands(opcode, state.stack.popN(takesValue(opcode) ? 7 : 6));
  const data = memory[1] === 0n ? NOTHING : state.memory.read(Number(memory[0]), Number(memory[1]), true);
  let gasLimit = state.messageGasLimit ?? 0n;
  state.messageGasLimit = undefined;
  if (value !== 0n) {
    const stipend = interpreter.common.param("callStipendGas");
    state.gasLeft += stipend;
    gasLimit += stipend;
  }
  const finish = (success: bigint) => {
    writeOutput(state, memory[2], memory[3]);
    state.stack.push(success);
  };
  const success = callFrame(interpreter, { ...target(opcode, interpreter, addressOf(to), value), data, gasLimit });
  if (typeof success === "bigint") return finish(success);
  return success.then(finish);
}

function target(opcode: number, { _env: env }: Interpreter, code: Address, value: bigint): Omit<Call, "data" | "gasLimit"> {
  const isStatic = env.isStatic || opcode === STATICCALL;
  if (opcode === DELEGATECALL) return { caller: env.caller, to: env.address, code, value: env.callValue, delegate: true, isStatic };
  return { caller: env.address, to: opcode === CALLCODE ? env.address : code, code, value, delegate: false, isStatic };
}

function writeOutput({ memory, returnBytes }: RunState, offset: bigint, most: bigint): void {
  const length = Number(lesser(BigInt(returnBytes.length), most));
  if (length > 0) memory.write(Number(offset), length, returnBytes.subarray(0, length));
}
