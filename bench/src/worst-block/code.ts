/** An assembler for attacks: opcodes by the names of the fork's table, shortest pushes, and a loop that eats its gas. */
import { bigIntToBytes, concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { opcodeTable } from "@noema/execution/engine/reference/opcode-table";

export const FORK = "osaka";
export const OPCODES = opcodeTable(FORK);

/** An opcode by name, a number that is pushed, or bytes as they are. */
export type Part = string | number | bigint | Bytes;

export function assemble(...parts: readonly Part[]): Bytes {
  return concatBytes(...parts.map(bytesOf));
}

function bytesOf(part: Part): Bytes {
  if (part instanceof Uint8Array) return part;
  if (typeof part !== "string") return push(BigInt(part));
  const opcode = OPCODES.get(part);
  if (opcode === undefined) throw new Error(`the fork has no opcode ${part}`);
  return Uint8Array.of(opcode.code);
}

function push(value: bigint): Bytes {
  if (value === 0n) return Uint8Array.of(0x5f);
  const length = Math.ceil(value.toString(16).length / 2);
  return concatBytes(Uint8Array.of(0x5f + length), bigIntToBytes(value, length));
}

export function repeat(bytes: Bytes, times: number): Bytes {
  return concatBytes(...Array<Bytes>(times).fill(bytes));
}

/** Code that deploys `code`. */
export function initCode(code: Bytes): Bytes {
  const head = (at: number) =>
    concatBytes(Uint8Array.of(0x61), bigIntToBytes(BigInt(code.length), 2), assemble("DUP1", at, 0, "CODECOPY", 0, "RETURN"));
  return concatBytes(head(head(1).length), code);
}

/** A part of a loop's body. It finds a counter on top of the stack and leaves one there; deeper it sees nothing. */
export type Fragment = { setup?: Bytes; body: Bytes };

/** Gas that stays when a loop ends by itself: more than any body below uses. */
const RESERVE = 150_000;

/**
 * The bodies one after another, `unroll` times, for ever. The counter starts at the second word of the call's data.
 * `keep`: it stops before its gas ends, so that what it wrote stays; otherwise it runs out, and everything is taken back.
 */
export function loop(fragments: readonly Fragment[], o: { unroll: number; keep: boolean }): Bytes {
  const setup = assemble(32, "CALLDATALOAD", ...fragments.map(({ setup }) => setup ?? new Uint8Array(0)));
  const body = repeat(assemble(...fragments.map(({ body }) => body)), o.unroll);
  const start = setup.length;
  const again = o.keep ? assemble("GAS", RESERVE, "LT", start, "JUMPI", "STOP") : assemble(start, "JUMP");
  return concatBytes(setup, assemble("JUMPDEST"), body, again);
}

export const NEXT: Bytes = assemble(1, "ADD");
