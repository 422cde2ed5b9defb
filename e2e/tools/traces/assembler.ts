/** Bytecode by hand: what no compiler writes is what tracers differ in. */
import { concatHex, type Hex, numberToHex, padHex, size } from "viem";

export function push(value: bigint | number): Hex {
  if (BigInt(value) === 0n) return "0x5f";
  const bytes = Math.ceil(BigInt(value).toString(16).length / 2);
  return concatHex([numberToHex(0x5f + bytes), numberToHex(BigInt(value), { size: bytes })]);
}

/** Operands as an opcode takes them: the first is the top of the stack. */
export function op(code: Hex, ...operands: (bigint | number)[]): Hex {
  return concatHex([...operands.toReversed().map(push), code]);
}

export const OP = {
  stop: "0x00",
  keccak: "0x20",
  balance: "0x31",
  calldatacopy: "0x37",
  extcodesize: "0x3b",
  extcodecopy: "0x3c",
  returndatacopy: "0x3e",
  extcodehash: "0x3f",
  selfbalance: "0x47",
  pop: "0x50",
  mload: "0x51",
  mstore: "0x52",
  mstore8: "0x53",
  sload: "0x54",
  sstore: "0x55",
  jump: "0x56",
  gas: "0x5a",
  jumpdest: "0x5b",
  tload: "0x5c",
  tstore: "0x5d",
  mcopy: "0x5e",
  log0: "0xa0",
  log2: "0xa2",
  log4: "0xa4",
  create: "0xf0",
  call: "0xf1",
  callcode: "0xf2",
  return: "0xf3",
  delegatecall: "0xf4",
  create2: "0xf5",
  staticcall: "0xfa",
  revert: "0xfd",
  invalid: "0xfe",
  selfdestruct: "0xff",
} as const satisfies Record<string, Hex>;

/** Writes bytes to memory from an offset on, in whole words. */
export function write(offset: number, bytes: Hex): Hex {
  const words = Math.ceil(size(bytes) / 32);
  const padded = padHex(bytes, { dir: "right", size: 32 * words });
  const word = (i: number) => BigInt(`0x${padded.slice(2 + 64 * i, 66 + 64 * i)}`);
  return concatHex(Array.from({ length: words }, (_, i) => op(OP.mstore, offset + 32 * i, word(i))));
}

/** Code that returns `runtime`: what a creation runs. */
export function initCode(runtime: Hex): Hex {
  return concatHex(["0x61", numberToHex(size(runtime), { size: 2 }), "0x80600a5f395ff3", runtime]);
}
