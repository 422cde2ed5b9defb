/** Cold state: what nobody has touched for long, read from the disk; and state that is written, whose root everybody computes. */
import { type Attack, at, program } from "../attack.ts";
import { assemble, NEXT, type Part } from "../code.ts";
import { CROWD, FAT, MAX_CODE } from "../state.ts";

/** Whom the loop goes through: accounts, contracts of 24 KiB, or nobody. */
const WHO = [CROWD, FAT, 0xeen << 152n];
const who = { who: [0, 1, 2] };

/** On the address that the counter names, and the ones after it. */
function addresses(name: string, group: Attack["group"], body: Part[], axes: Record<string, readonly number[]> = who): Attack {
  return program({
    name,
    group,
    axes,
    fragment: (point) => ({ body: assemble(...body, NEXT), start: WHO[point.who ?? 0] }),
  });
}

const cold: Attack[] = [
  addresses("cold BALANCE", "cold state", ["DUP1", "BALANCE", "POP"]),
  addresses("cold EXTCODESIZE", "cold state", ["DUP1", "EXTCODESIZE", "POP"]),
  addresses("cold EXTCODEHASH", "cold state", ["DUP1", "EXTCODEHASH", "POP"]),
  program({
    name: "cold EXTCODECOPY",
    group: "cold state",
    axes: { ...who, size: [1, 32, MAX_CODE] },
    fragment: (point) => ({ body: assemble(at(point, "size"), 0, 0, "DUP4", "EXTCODECOPY", NEXT), start: WHO[at(point, "who")] }),
  }),
  addresses("cold CALL", "cold state", [0, 0, 0, 0, 0, "DUP6", "GAS", "CALL", "POP"]),
  addresses("cold STATICCALL", "cold state", [0, 0, 0, 0, "DUP5", "GAS", "STATICCALL", "POP"]),
  addresses("cold DELEGATECALL", "cold state", [0, 0, 0, 0, "DUP5", "GAS", "DELEGATECALL", "POP"]),
  program({
    name: "cold SLOAD",
    group: "cold state",
    axes: { there: [1, 0] },
    vault: true,
    fragment: (point, chain) => ({ body: assemble("DUP1", "SLOAD", "POP", NEXT), start: at(point, "there") ? 0n : chain.fresh() }),
  }),
];

const written: Attack[] = [
  program({
    name: "SSTORE of a new slot",
    group: "written state",
    vault: true,
    keep: [1, 0],
    fragment: () => ({ body: assemble("DUP1", "DUP1", "SSTORE", NEXT) }),
  }),
  program({
    name: "SSTORE of an old slot",
    group: "written state",
    axes: { value: [7, 0] },
    vault: true,
    keep: [1, 0],
    fragment: (point) => ({ body: assemble(at(point, "value"), "DUP2", "SSTORE", NEXT), start: 0n }),
  }),
  program({
    name: "SSTORE there and back",
    group: "written state",
    vault: true,
    keep: [1, 0],
    fragment: () => ({ body: assemble(1, "DUP2", "SSTORE", 0, "DUP2", "SSTORE", NEXT) }),
  }),
  program({
    name: "value to new accounts",
    group: "written state",
    vault: true,
    keep: [1, 0],
    fragment: () => ({ body: assemble(0, 0, 0, 0, 1, "DUP6", 0, "CALL", "POP", NEXT) }),
  }),
  program({
    name: "value to old accounts",
    group: "written state",
    vault: true,
    keep: [1, 0],
    fragment: () => ({ body: assemble(0, 0, 0, 0, 1, "DUP6", 0, "CALL", "POP", NEXT), start: CROWD }),
  }),
];

export const stateAttacks: readonly Attack[] = [...cold, ...written];
