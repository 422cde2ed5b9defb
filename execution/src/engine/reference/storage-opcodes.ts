/** SLOAD and SSTORE (EIP-2200, 2929, 3529) at once, where the library waits seven times and asks by hex. */
import { EVMError } from "@ethereumjs/evm";
import { createBoundedMap } from "@noema/core/bounded";
import { toHex } from "@noema/core/bytes";
import { rlpInt } from "../../rlp/encode.ts";
import { readBigInt, writeBigInt } from "../../rlp/integers.ts";
import type { Entry, PendingSlot, RunState, Slot } from "./library-interpreter.ts";

const SLOAD = 0x54;
const SSTORE = 0x55;

const { errorMessages } = EVMError;
/** EIP-2200: what a call with a stipend only has. */
const SENTRY_GAS = 2_300n;
/** EIP-2929. */
const COLD = 2_100n;
const WARM = 100n;
const SET = 20_000n;
/** SSTORE_RESET_GAS: 5,000 less what cold costs. */
const RESET = 2_900n;

/** Slots as the stack has them; programs come back to the same ones. */
const slots = createBoundedMap<bigint, Slot>(16_384);

function slotOf(value: bigint): Slot {
  let slot = slots.get(value);
  if (slot === undefined) {
    const key = new Uint8Array(32);
    writeBigInt(value, key, 0, 32);
    slot = { key, hex: toHex(key) };
    slots.set(value, slot);
  }
  return slot;
}

/** Takes the operands from the stack, and leaves what is asked for to the effect, which comes next or never. */
function loadGas(state: RunState, base: bigint): bigint {
  const slot = pending(state, slotOf(state.stack.pop()));
  state.slot = slot;
  return base + (warm(state, slot) ? WARM : COLD);
}

function pending({ interpreter }: RunState, { key, hex }: Slot, value = 0n): PendingSlot {
  const address = interpreter._env.address.bytes;
  return { key, hex, address, owner: toHex(address), value };
}

function warm({ interpreter }: RunState, { owner, hex }: PendingSlot): boolean {
  return interpreter.journal.warmSlot(owner, hex);
}

function load({ interpreter, stack, slot }: RunState): void {
  const { address, key, owner, hex } = slot as PendingSlot;
  const value = interpreter._stateManager.journal().slot(address, key, owner, hex);
  stack.push(readBigInt(value, 0, value.length));
}

function storeGas(state: RunState, base: bigint): bigint {
  const { interpreter, stack } = state;
  if (interpreter._env.isStatic) throw new EVMError(errorMessages.STATIC_STATE_CHANGE);
  const slot = pending(state, slotOf(stack.pop()), stack.pop());
  state.slot = slot;
  if (state.gasLeft <= SENTRY_GAS) throw new EVMError(errorMessages.OUT_OF_GAS);
  const { address, key, owner, hex, value } = slot;
  const current = interpreter._stateManager.journal().slot(address, key, owner, hex);
  const original = interpreter.journal.original(owner, hex, current);
  const access = warm(state, slot) ? 0n : COLD;
  return base + access + writeGas(state, readBigInt(original, 0, original.length), readBigInt(current, 0, current.length), value);
}

/** EIP-2200 with the prices of EIP-2929, and what it gives back. `original`: before the transaction. */
function writeGas(state: RunState, original: bigint, current: bigint, value: bigint): bigint {
  const cleared = state.interpreter.common.param("sstoreClearRefundEIP2200Gas");
  if (current === value) return WARM;
  if (original === current) {
    if (original === 0n) return SET;
    if (value === 0n) state.gasRefund += cleared;
    return RESET;
  }
  if (original !== 0n && current === 0n) state.gasRefund -= cleared;
  if (original !== 0n && value === 0n) state.gasRefund += cleared;
  if (original === value) state.gasRefund += (original === 0n ? SET : RESET) - WARM;
  return WARM;
}

function store({ interpreter, slot }: RunState): void {
  const { address, key, owner, hex, value } = slot as PendingSlot;
  interpreter._stateManager.journal().setSlot(address, key, rlpInt(value), owner, hex);
}

export function storageOpcodes(opcodes: readonly Entry[]): ReadonlyMap<number, Entry> {
  return new Map([
    [SLOAD, { ...(opcodes[SLOAD] as Entry), gasHandler: loadGas, opHandler: load }],
    [SSTORE, { ...(opcodes[SSTORE] as Entry), gasHandler: storeGas, opHandler: store }],
  ]);
}
