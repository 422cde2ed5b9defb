/** What a step's operands point to. */

import { bigIntToBytes } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { TraceStep } from "../engine/trace.ts";

/** The operand at a depth, 0 the top; zero where the stack ends before (the opcode is not executed then). */
export function operand({ stack }: TraceStep, depth: number): bigint {
  return stack[stack.length - 1 - depth] ?? 0n;
}

/** A copy of memory, zeros where there is none yet. The step's gas has been paid for: an opcode that has none does not come here. */
export function memoryAt({ memory }: TraceStep, offset: bigint, length: bigint): Bytes {
  const out = new Uint8Array(Number(length));
  if (offset < BigInt(memory.length)) out.set(memory.subarray(Number(offset), Number(offset + length)));
  return out;
}

export function slotKey(value: bigint): Hash {
  return bigIntToBytes(value, 32);
}
