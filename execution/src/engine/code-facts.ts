/** What a code's bytes say, found once for as long as the code is held: where jumps may go, and what pushes push. */
import { bytesToBigInt } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";

export type CodeFacts = {
  /** 1 at each JUMPDEST that is no part of a push. Read on the first jump: most contracts of a block are called once. */
  jumps(): Bytes;
  /** The `length` bytes at `from`, zeros after the end of the code. */
  pushed(from: number, length: number): bigint;
};

const JUMPDEST = 0x5b;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;

const known = new WeakMap<Bytes, CodeFacts>();

/** By the array itself, whose bytes never change: who reads the same code twice has to hold it (state/journal.ts does). */
export function codeFacts(code: Bytes): CodeFacts {
  let facts = known.get(code);
  if (facts === undefined) {
    facts = readFacts(code);
    known.set(code, facts);
  }
  return facts;
}

function readFacts(code: Bytes): CodeFacts {
  let jumps: Bytes | undefined;
  const pushes = new Map<number, bigint>();
  return {
    jumps() {
      jumps ??= jumpDestinations(code);
      return jumps;
    },
    pushed(from, length) {
      let value = pushes.get(from);
      if (value === undefined) {
        const bytes = code.subarray(from, from + length);
        value = bytesToBigInt(bytes) << BigInt(8 * (length - bytes.length));
        pushes.set(from, value);
      }
      return value;
    },
  };
}

function jumpDestinations(code: Bytes): Bytes {
  const out = new Uint8Array(code.length);
  for (let i = 0; i < code.length; i++) {
    const opcode = code[i] as number;
    if (opcode === JUMPDEST) out[i] = 1;
    else if (opcode >= PUSH1 && opcode <= PUSH32) i += opcode - PUSH1 + 1;
  }
  return out;
}
