/** Opcodes by number, in the words of geth's core/vm/opcodes.go (PREVRANDAO is DIFFICULTY there still). */
const FROM: readonly (readonly [first: number, names: string])[] = [
  [0x00, "STOP ADD MUL SUB DIV SDIV MOD SMOD ADDMOD MULMOD EXP SIGNEXTEND"],
  [0x10, "LT GT SLT SGT EQ ISZERO AND OR XOR NOT BYTE SHL SHR SAR CLZ"],
  [0x20, "KECCAK256"],
  [0x30, "ADDRESS BALANCE ORIGIN CALLER CALLVALUE CALLDATALOAD CALLDATASIZE CALLDATACOPY CODESIZE CODECOPY GASPRICE"],
  [0x3b, "EXTCODESIZE EXTCODECOPY RETURNDATASIZE RETURNDATACOPY EXTCODEHASH"],
  [0x40, "BLOCKHASH COINBASE TIMESTAMP NUMBER DIFFICULTY GASLIMIT CHAINID SELFBALANCE BASEFEE BLOBHASH BLOBBASEFEE"],
  [0x50, "POP MLOAD MSTORE MSTORE8 SLOAD SSTORE JUMP JUMPI PC MSIZE GAS JUMPDEST TLOAD TSTORE MCOPY PUSH0"],
  [0x60, numbered("PUSH", 1, 32)],
  [0x80, numbered("DUP", 1, 16)],
  [0x90, numbered("SWAP", 1, 16)],
  [0xa0, numbered("LOG", 0, 4)],
  [0xf0, "CREATE CALL CALLCODE RETURN DELEGATECALL CREATE2"],
  [0xfa, "STATICCALL"],
  [0xfd, "REVERT INVALID SELFDESTRUCT"],
];

function numbered(name: string, first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, i) => `${name}${first + i}`).join(" ");
}

const NAMES = new Map(FROM.flatMap(([first, names]) => names.split(" ").map((name, i) => [first + i, name] as const)));

export function opcodeName(opcode: number): string {
  return NAMES.get(opcode) ?? `opcode 0x${opcode.toString(16)} not defined`;
}
