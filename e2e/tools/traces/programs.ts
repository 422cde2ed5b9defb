/** Contracts of random pieces, each of which does something that a tracer tells. Equal seeds, equal programs. */
import { type Address, concatHex, type Hex, numberToHex, padHex, size } from "viem";
import type { SeededRandom } from "../../harness/random.ts";
import { initCode, OP, op, write } from "./assembler.ts";

export type Random = Pick<SeededRandom, "below">;

export function pick<T>({ below }: Random, from: readonly T[]): T {
  return from[below(from.length)] as T;
}

const REASON = `0x08c379a0${padHex("0x20").slice(2)}${padHex("0x07").slice(2)}${"6e6f7420796574".padEnd(64, "0")}` as Hex;
const PANIC = concatHex(["0x4e487b71", padHex("0x11")]);
const CUSTOM = concatHex(["0x82b42900", padHex("0x2a")]);
const NOBODY = 0xdead00000000000000000000000000000000beefn;

/** What ends a program. */
export const ENDS: Record<string, Hex> = {
  stop: OP.stop,
  "past the end": op(OP.mstore, 0, 1),
  return: concatHex([write(0, padHex("0x2a")), op(OP.return, 0, 32)]),
  "revert with a reason": concatHex([write(0, REASON), op(OP.revert, 0, size(REASON))]),
  "revert with a panic": concatHex([write(0, PANIC), op(OP.revert, 0, size(PANIC))]),
  "revert with a custom error": concatHex([write(0, CUSTOM), op(OP.revert, 0, size(CUSTOM))]),
  "revert with nothing": op(OP.revert, 0, 0),
  invalid: OP.invalid,
  "an unknown opcode": "0x0c",
  "a bad jump": op(OP.jump, 3),
  "an empty stack": "0x505050505050505050505050",
  "out of gas": concatHex([op(OP.mstore, 2n ** 30n, 1)]),
  "return data out of bounds": op(OP.returndatacopy, 0, 0, 1_000_000),
  "self-destruct": op(OP.selfdestruct, NOBODY),
};

/** What a program does before. `others`: contracts that it may call. */
export function piece(random: Random, others: readonly Address[]): Hex {
  const slot = random.below(4);
  const other = BigInt(others.length === 0 ? numberToHex(NOBODY) : pick(random, others));
  const gas = pick(random, [30_000, 60_000, 100_000]);
  const value = pick(random, [0, 0, 0, 1, 5]);
  const hash = concatHex([write(0, "0x736f6d6520627974657320746f2068617368"), op(OP.keccak, 0, 17), OP.pop]);
  const made = pick(random, [initCode("0x00"), "0x60006000fd", initCode(op(OP.sstore, 1, 1)), "0xfe", "0x"] as const);
  const creation = size(made) === 0 ? "0x" : write(0, made);
  return pick<() => Hex>(random, [
    () => op(OP.sstore, slot, random.below(3)),
    () => concatHex([op(OP.sload, slot), OP.pop]),
    () => concatHex([op(OP.tstore, slot, 7), op(OP.tload, slot), OP.pop]),
    () => op(OP.mstore, 32 * random.below(5), random.below(2 ** 30)),
    () => concatHex([op(OP.mstore8, 3, 0xab), op(OP.mcopy, 64, 0, 32)]),
    () => hash,
    () => op(OP.log0, 0, 5),
    () => op(OP.log2, 3, 40, 0x11, 0x22),
    () => op(OP.log4, 0, 0, 1, 2, 3, 4),
    () => concatHex([op(OP.balance, other), OP.pop]),
    () => concatHex([op(OP.extcodesize, other), OP.pop, op(OP.extcodehash, other), OP.pop]),
    () => op(OP.extcodecopy, other, 0, 0, 20),
    () => concatHex([op(OP.call, gas, other, value, 0, 8, 0, 32), OP.pop]),
    () => concatHex([op(OP.call, gas, other, 0, 0, 4, 0, 0), OP.pop]),
    () => concatHex([op(OP.callcode, gas, other, 0, 0, 4, 0, 0), OP.pop]),
    () => concatHex([op(OP.delegatecall, gas, other, 0, 36, 0, 0), OP.pop]),
    () => concatHex([op(OP.staticcall, gas, other, 0, 4, 0, 32), OP.pop]),
    () => concatHex([op(OP.call, gas, NOBODY, value, 0, 0, 0, 0), OP.pop]),
    () => concatHex([op(OP.staticcall, 5_000, pick(random, [1, 2, 3, 4]), 0, 64, 0, 32), OP.pop]),
    () => concatHex([op(OP.call, 5_000, pick(random, [2, 4]), value, 0, 64, 0, 32), OP.pop]),
    () => concatHex([creation, op(OP.create, 0, 0, size(made)), OP.pop]),
    () => concatHex([creation, op(OP.create2, value, 0, size(made), slot), OP.pop]),
    () => concatHex([OP.selfbalance, OP.pop, OP.gas, OP.pop]),
  ])();
}

export function program(random: Random, others: readonly Address[], end: Hex): Hex {
  const pieces = Array.from({ length: 2 + random.below(6) }, () => piece(random, others));
  return concatHex([...pieces, end]);
}
