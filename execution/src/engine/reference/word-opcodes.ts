/** Operations on two words, without the library's array for their operands. */
import type { Entry, Handler } from "./library-interpreter.ts";

type Operation = (a: bigint, b: bigint) => bigint;

const MASK = 2n ** 256n - 1n;
const bit = (is: boolean) => (is ? 1n : 0n);

/** `a` is the top of the stack. */
const BINARY: readonly [opcode: number, apply: Operation][] = [
  [0x01, (a, b) => (a + b) & MASK],
  [0x02, (a, b) => (a * b) & MASK],
  [0x03, (a, b) => BigInt.asUintN(256, a - b)],
  [0x04, (a, b) => (b === 0n ? 0n : a / b)],
  [0x06, (a, b) => (b === 0n ? 0n : a % b)],
  [0x10, (a, b) => bit(a < b)],
  [0x11, (a, b) => bit(a > b)],
  [0x14, (a, b) => bit(a === b)],
  [0x16, (a, b) => a & b],
  [0x17, (a, b) => a | b],
  [0x18, (a, b) => a ^ b],
  [0x1b, (a, b) => (a > 255n ? 0n : (b << a) & MASK)],
  [0x1c, (a, b) => (a > 255n ? 0n : b >> a)],
];

export function wordOpcodes(opcodes: readonly Entry[]): ReadonlyMap<number, Entry> {
  return new Map(
    BINARY.map(([opcode, apply]) => {
      const opHandler: Handler = ({ stack }) => {
        const a = stack.pop();
        stack.push(apply(a, stack.pop()));
      };
      return [opcode, { ...(opcodes[opcode] as Entry), opHandler }];
    }),
  );
}
