/** The opcodes of a fork, as the engine has them: what measurements and fuzzers go through, so that none is forgotten. */
import { getOpcodesForHF } from "@ethereumjs/evm";
import { createSharedCommon } from "./common.ts";

export type Opcode = { code: number; name: string; fee: number };

/** By name ("PUSH1", "LOG0"), in the order of their codes. Throws EXEC_FORK_UNKNOWN. */
export function opcodeTable(fork: string): ReadonlyMap<string, Opcode> {
  const { opcodes } = getOpcodesForHF(createSharedCommon(fork, 1));
  const all = [...opcodes.values()].sort((a, b) => a.code - b.code);
  return new Map(all.map(({ code, fullName, fee }) => [fullName, { code, name: fullName, fee }]));
}
