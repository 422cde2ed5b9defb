/** Which accounts and slots a message's code looks at, told once each, before it changes them (geth, eth/tracers/native/prestate.go). */
import { concatBytes } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { TraceStart, TraceStep } from "../engine/trace.ts";
import { createdAddress } from "../rules/created-address.ts";
import type { Fork } from "../rules/forks.ts";
import { delegateOf } from "../state/delegation.ts";
import { addressOf } from "./json.ts";
import { isCall, isExtCode, OP } from "./opcodes.ts";
import { memoryAt, operand, slotKey } from "./step-reads.ts";

export type Touched = {
  account(address: Bytes): void;
  slot(address: Bytes, key: Hash): void;
  /** A contract that may be made there. */
  created(address: Bytes): void;
  destroyed(address: Bytes): void;
};

/** Those that the message itself names. */
export function touchNamed({ state, from, to, coinbase, authorities }: TraceStart, fork: Fork, touched: Touched): void {
  const target = to ?? createdAddress(from, state.account(from)?.nonce ?? 0n);
  if (to === undefined) touched.created(target);
  else touchDelegate(state, to, fork, touched);
  for (const address of [from, target, coinbase, ...authorities]) touched.account(address);
}

/** Those that an opcode names. */
export function touchByStep(step: TraceStep, { state }: TraceStart, fork: Fork, touched: Touched): void {
  const { opcode, address } = step;
  if (step.error !== undefined) return;
  if (opcode === OP.SLOAD || opcode === OP.SSTORE) touched.slot(address, slotKey(operand(step, 0)));
  else if (isExtCode(opcode) || opcode === OP.BALANCE) touched.account(addressOf(operand(step, 0)));
  else if (isCall(opcode)) {
    const target = addressOf(operand(step, 1));
    touched.account(target);
    touchDelegate(state, target, fork, touched);
  } else if (opcode === OP.SELFDESTRUCT) {
    touched.account(addressOf(operand(step, 0)));
    touched.destroyed(address);
  } else if (opcode === OP.CREATE) create(createdAddress(address, state.account(address)?.nonce ?? 0n), touched);
  else if (opcode === OP.CREATE2) create(saltedAddress(step), touched);
}

function create(address: Bytes, touched: Touched): void {
  touched.account(address);
  touched.created(address);
}

/** EIP-1014. */
function saltedAddress(step: TraceStep): Bytes {
  const initCode = memoryAt(step, operand(step, 1), operand(step, 2));
  return keccak256(concatBytes(Uint8Array.of(0xff), step.address, slotKey(operand(step, 3)), keccak256(initCode))).slice(12);
}

/** EIP-7702. */
function touchDelegate(state: TraceStart["state"], address: Bytes, fork: Fork, touched: Touched): void {
  const account = fork.eips.has(7702) ? state.account(address) : undefined;
  const delegate = account && delegateOf(state.code(account.codeHash));
  if (delegate !== undefined) touched.account(delegate);
}
