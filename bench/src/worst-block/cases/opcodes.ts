/** Every opcode of the fork's table that only computes, with operands of several shapes. */
import { type Attack, at, program } from "../attack.ts";
import { assemble, OPCODES, type Part, repeat } from "../code.ts";

/** Operands and results on the stack. An opcode that is neither here nor in ELSEWHERE ends the search: a new one gets an attack. */
const ARITY: Record<string, readonly [takes: number, gives: number]> = {
  ...Object.fromEntries(
    "ADD MUL SUB DIV SDIV MOD SMOD EXP SIGNEXTEND LT GT SLT SGT EQ AND OR XOR BYTE SHL SHR SAR".split(" ").map((x) => [x, [2, 1]]),
  ),
  ...Object.fromEntries("ISZERO NOT CLZ BLOCKHASH BLOBHASH CALLDATALOAD".split(" ").map((x) => [x, [1, 1]])),
  ...Object.fromEntries(
    "ADDRESS ORIGIN CALLER CALLVALUE CALLDATASIZE CODESIZE GASPRICE RETURNDATASIZE COINBASE TIMESTAMP NUMBER PREVRANDAO GASLIMIT CHAINID SELFBALANCE BASEFEE BLOBBASEFEE PC MSIZE GAS"
      .split(" ")
      .map((x) => [x, [0, 1]]),
  ),
  ADDMOD: [3, 1],
  MULMOD: [3, 1],
  JUMPDEST: [0, 0],
  PUSH0: [0, 1],
};
/** Measured by other attacks, or nothing but an end. POP stands in almost every loop. */
const ELSEWHERE = new Set(
  "STOP POP KECCAK256 BALANCE CALLDATACOPY CODECOPY EXTCODESIZE EXTCODECOPY RETURNDATACOPY EXTCODEHASH MLOAD MSTORE MSTORE8 SLOAD SSTORE JUMP JUMPI TLOAD TSTORE MCOPY LOG0 LOG1 LOG2 LOG3 LOG4 CREATE CALL CALLCODE RETURN DELEGATECALL CREATE2 STATICCALL REVERT INVALID SELFDESTRUCT".split(
    " ",
  ),
);

const MAX = (1n << 256n) - 1n;
/** By position: a dividend, a divisor, a modulus. */
const SHAPES: readonly (readonly bigint[])[] = [
  [MAX - 58n, (1n << 255n) + 12345678901234567n, MAX - 188n],
  [7n, 3n, 5n],
  [MAX, (1n << 128n) + 51n, (1n << 192n) - 237n],
  [31n, MAX, MAX],
  [255n, 1n, 2n],
  [0n, 0n, 0n],
];

function stackProgram(name: string, takes: number, gives: number): Attack {
  return program({
    name,
    group: "opcodes",
    axes: takes > 0 ? { shape: SHAPES.map((_, i) => i) } : {},
    keep: [0],
    fragment(point) {
      const operands = (SHAPES[point.shape ?? 0] as readonly bigint[]).slice(0, takes).reverse();
      return { body: repeat(assemble(...operands, name, ...Array<Part>(gives).fill("POP")), 8) };
    },
  });
}

const REPEATED = /^(PUSH|DUP|SWAP)([0-9]+)$/;

/** Throws where an opcode has no attack, here or elsewhere. */
export function tableProgram(name: string): Attack[] {
  const arity = ARITY[name];
  if (arity !== undefined) return [stackProgram(name, ...arity)];
  if (ELSEWHERE.has(name)) return [];
  const [, kind, count] = REPEATED.exec(name) ?? [];
  if (kind === undefined) throw new Error(`no attack for the opcode ${name}`);
  const n = Number(count);
  if (kind === "PUSH")
    return [
      program({ name, group: "opcodes", keep: [0], fragment: () => ({ body: repeat(assemble((1n << BigInt(8 * n)) - 1n, "POP"), 32) }) }),
    ];
  const depth = Array<Part>(kind === "DUP" ? n - 1 : n).fill("DUP1");
  const once: Part[] = kind === "DUP" ? [name, "POP"] : [name];
  return [
    program({
      name,
      group: "opcodes",
      keep: [0],
      fragment: () => ({ body: assemble(...depth, ...Array<Part[]>(64).fill(once).flat(), ...depth.map(() => "POP")) }),
    }),
  ];
}

const SIZES = [32, 0, 1, 136, 1024, 16_384, 131_072, 1_000_000];

/** [size, from, to] of what each copies; the memory is there before the loop. */
function copyProgram(name: string, operands: (size: number, far: number) => Part[]): Attack {
  return program({
    name,
    group: "opcodes",
    axes: { size: SIZES, far: [0, 1] },
    keep: [0],
    fragment: (point) => ({
      setup: assemble(0, at(point, "size") + 64, "MSTORE"),
      body: assemble(...operands(at(point, "size"), at(point, "far") * (1 << 30)), name),
    }),
  });
}

export const opcodeAttacks: readonly Attack[] = [
  ...[...OPCODES.keys()].flatMap(tableProgram),
  copyProgram("CALLDATACOPY", (size, far) => [size, far, 0]),
  copyProgram("CODECOPY", (size, far) => [size, far, 0]),
  copyProgram("MCOPY", (size, far) => [size, far > 0 ? 32 : 0, 0]),
  program({
    name: "KECCAK256",
    group: "opcodes",
    axes: { size: SIZES },
    keep: [0],
    fragment: (point) => ({ body: assemble(at(point, "size"), 0, "KECCAK256", "POP") }),
  }),
  ...["MLOAD", "MSTORE", "MSTORE8"].map((name) =>
    program({
      name,
      group: "opcodes",
      axes: { offset: [0, 1, 100_000, 1_000_000] },
      keep: [0],
      fragment: (point) => ({
        body: repeat(name === "MLOAD" ? assemble(at(point, "offset"), name, "POP") : assemble("DUP1", at(point, "offset"), name), 8),
      }),
    }),
  ),
  program({
    name: "memory that grows",
    group: "opcodes",
    axes: { step: [32, 8192, 1] },
    keep: [0],
    fragment: (point) => ({ body: assemble(0, "MSIZE", at(point, "step"), "ADD", "MSTORE") }),
  }),
  program({
    name: "JUMP",
    group: "opcodes",
    keep: [0],
    // PC and the distance: the same wherever the body stands.
    fragment: () => ({ body: repeat(assemble("PC", 5, "ADD", "JUMP", "JUMPDEST"), 16) }),
  }),
  program({
    name: "JUMPI",
    group: "opcodes",
    keep: [0],
    fragment: () => ({ body: repeat(assemble(1, "PC", 5, "ADD", "JUMPI", "JUMPDEST"), 16) }),
  }),
  ...["TLOAD", "TSTORE"].map((name) =>
    program({
      name,
      group: "opcodes",
      axes: { step: [1, 0] },
      fragment: (point) => ({ body: assemble("DUP1", ...(name === "TLOAD" ? [name, "POP"] : ["DUP1", name]), at(point, "step"), "ADD") }),
    }),
  ),
  program({
    name: "warm SLOAD",
    group: "opcodes",
    keep: [0],
    fragment: () => ({ body: repeat(assemble(5, "SLOAD", "POP"), 8) }),
  }),
  program({
    name: "warm SSTORE",
    group: "opcodes",
    fragment: () => ({ body: assemble(1, "ADD", "DUP1", 5, "SSTORE") }),
  }),
];
