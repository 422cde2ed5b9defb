/** Calls: what a frame costs, and what grows with the frames before it. */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { type Attack, at, number, type Point, program, sendTo, split } from "../attack.ts";
import type { Chain } from "../chain.ts";
import { assemble, NEXT, type Part, repeat } from "../code.ts";
import { CROWD, FAT, MAX_CODE } from "../state.ts";

/** Calls `to`, with input from memory; STATICCALL and DELEGATECALL take no value. */
function callTo(name: string, to: bigint, o: { size?: number; gas?: Part; value?: number } = {}): Bytes {
  const value = name === "CALL" || name === "CALLCODE" ? [o.value ?? 0] : [];
  return assemble(0, 0, o.size ?? 0, 0, ...value, to, o.gas ?? "GAS", name, "POP");
}

/** Contracts that are called. */
const CALLEES: readonly (readonly [name: string, code: () => Bytes])[] = [
  ["STOP", () => assemble("STOP")],
  ["INVALID", () => assemble("INVALID")],
  ["REVERT", () => assemble(0, 0, "REVERT")],
  ["24 KiB of PUSH1 and a jump", () => concatBytes(assemble(3, "JUMP", "JUMPDEST", "STOP"), repeat(Uint8Array.of(0x60, 1), 12_000))],
  ["24 KiB of JUMPDEST and a jump", () => concatBytes(assemble(3, "JUMP", "JUMPDEST", "STOP"), repeat(assemble("JUMPDEST"), 24_000))],
  ["24 KiB and a bad jump", () => concatBytes(assemble(1, "JUMP"), repeat(assemble("JUMPDEST"), 24_000))],
  ["32 KiB of memory", () => assemble(1, 32_768, "MSTORE8")],
  ["LOG0", () => assemble(0, 0, "LOG0")],
  ["itself", () => callTo("CALL", 0n).with(5, 0x30)],
];
const OPS = ["CALL", "STATICCALL", "DELEGATECALL", "CALLCODE"];

const called: Attack[] = CALLEES.map(([name, code]) =>
  program({
    name: `call of ${name}`,
    group: "frames",
    axes: { op: OPS.map((_, i) => i), size: [0, 32, 100_000, 1_000_000], gas: [50_000, 100] },
    keep: [0],
    fragment(point, chain) {
      const to = number(chain.deploy(code()));
      return { setup: memory(point), body: callTo(OPS[at(point, "op")] as string, to, { size: at(point, "size"), gas: at(point, "gas") }) };
    },
  }),
);

/** So that the input of the calls costs nothing in the loop. */
function memory(point: Point): Bytes {
  return at(point, "size") === 0 ? new Uint8Array(0) : assemble(0, at(point, "size"), "MSTORE");
}

/** One loop for a part of the gas, then another one that pays for what the first left behind. */
function phases(name: string, first: (chain: Chain) => Bytes, second: (chain: Chain) => Bytes): Attack {
  return {
    name,
    group: "frames",
    axes: { percent: [50, 10, 30, 70, 90] },
    build(point, chain, gas) {
      const rest = Math.floor((Number(split(gas)[0]) * (100 - at(point, "percent"))) / 100);
      const [one, two] = [first(chain), second(chain)];
      const setup = assemble(32, "CALLDATALOAD");
      const loopOne = concatBytes(setup, assemble("JUMPDEST"), repeat(one, 4), assemble("GAS", rest, "LT", setup.length, "JUMPI"));
      const code = concatBytes(loopOne, assemble("JUMPDEST"), repeat(two, 16), assemble(loopOne.length, "JUMP"));
      return sendTo(chain.deploy(code), chain, gas);
    },
  };
}

const stop = (chain: Chain) => callTo("CALL", number(chain.deploy(assemble("STOP"))));
const fails = (chain: Chain) => callTo("CALL", number(chain.deploy(assemble("INVALID"))), { gas: 0 });

export const frameAttacks: readonly Attack[] = [
  ...called,
  program({
    name: "call of nobody",
    group: "frames",
    axes: { op: OPS.map((_, i) => i), size: [0, 100_000, 1_000_000] },
    keep: [0],
    fragment: (point) => ({ setup: memory(point), body: callTo(OPS[at(point, "op")] as string, CROWD, { size: at(point, "size") }) }),
  }),
  program({
    name: "warm EXTCODECOPY",
    group: "frames",
    axes: { size: [0, 32, MAX_CODE, 1_000_000] },
    keep: [0],
    fragment: (point) => ({ body: assemble(at(point, "size"), 0, 0, FAT, "EXTCODECOPY") }),
  }),
  program({
    name: "warm EXTCODEHASH",
    group: "frames",
    keep: [0],
    fragment: () => ({ body: assemble(FAT, "EXTCODEHASH", "POP") }),
  }),
  program({
    name: "RETURNDATACOPY",
    group: "frames",
    axes: { size: [32, 1024, 65_536] },
    keep: [0],
    fragment: (point) => ({
      setup: callTo("CALL", 4n, { size: at(point, "size") }),
      body: assemble(at(point, "size"), 0, 0, "RETURNDATACOPY"),
    }),
  }),
  phases("calls, then failing calls", stop, fails),
  phases("logs, then calls", () => assemble(0, 0, "LOG0"), stop),
  phases("logs of calls, then failing calls", (chain) => callTo("CALL", number(chain.deploy(assemble(0, 0, "LOG0")))), fails),
  phases("self-destructs, then calls", (chain) => selfDestruct(chain), stop),
  phases("creations, then calls", () => assemble(0, 0, 0, "CREATE", "POP"), stop),
  phases("TSTOREs, then failing calls", () => assemble("DUP1", "DUP1", "TSTORE", NEXT), fails),
  phases("SLOADs, then failing calls", () => assemble("DUP1", "SLOAD", "POP", NEXT), fails),
];

/** A contract that is made, and goes, in one call. */
function selfDestruct(chain: Chain): Bytes {
  const dies = chain.deploy(assemble("CALLER", "SELFDESTRUCT"));
  return callTo("CALL", number(dies));
}
