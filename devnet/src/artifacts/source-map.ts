/** solc's source maps: of each instruction the range of source that it is of, and whether its jump enters a function or leaves one. */

/** `start`, `length`: in bytes of UTF-8. `file` below 0: made by the compiler. */
export type Instruction = { start: number; length: number; file: number; jump: string };

const [PUSH1, PUSH32] = [0x60, 0x7f];

/** By the program counter where an instruction begins. What stands behind the code, data that nobody runs, has none. */
export function readSourceMap(sourceMap: string, hex: string): ReadonlyMap<number, Instruction> {
  const entries = sourceMap.split(";");
  const instructions = new Map<number, Instruction>();
  let last: Instruction = { start: 0, length: 0, file: -1, jump: "-" };
  for (let pc = 0, i = 0; i < entries.length && 2 * pc < hex.length; i++) {
    last = after(last, entries[i] as string);
    instructions.set(pc, last);
    const opcode = Number.parseInt(hex.slice(2 * pc, 2 * pc + 2), 16);
    pc += opcode >= PUSH1 && opcode <= PUSH32 ? 2 + opcode - PUSH1 : 1;
  }
  return instructions;
}

/** A field that is empty or missing is as before. */
function after(last: Instruction, entry: string): Instruction {
  const [start, length, file, jump] = entry.split(":");
  return { start: number(start, last.start), length: number(length, last.length), file: number(file, last.file), jump: jump || last.jump };
}

const number = (field: string | undefined, before: number) => (field === undefined || field === "" ? before : Number(field));
