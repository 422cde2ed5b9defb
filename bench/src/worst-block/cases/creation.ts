/** Init code: hashed, analysed and run; and the code that it leaves. */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { type Attack, at, number, program, word } from "../attack.ts";
import { assemble, NEXT, repeat } from "../code.ts";

/** EIP-3860. */
const MAX_INIT_CODE = 49_152;

/** Fillers of init code: it starts with a jump, which has it analysed. */
const FILLERS = [Uint8Array.of(0x5b), Uint8Array.of(0x60), Uint8Array.of(0x60, 0x5b), Uint8Array.of(0x7f), Uint8Array.of(0)];

function initCodeOf(size: number, filler: number, ends: number): Bytes {
  const end = ends === 1 ? assemble("INVALID") : assemble("STOP");
  const head = concatBytes(assemble(3, "JUMP", "JUMPDEST"), end);
  return concatBytes(head, repeat(FILLERS[filler] as Bytes, MAX_INIT_CODE)).subarray(0, Math.max(size, head.length));
}

const axes = { size: [MAX_INIT_CODE, 32, 1024, 16_384], filler: FILLERS.map((_, i) => i), ends: [0, 1] };

function creation(name: "CREATE" | "CREATE2"): Attack {
  return program({
    name,
    group: "init code",
    axes,
    fragment(point, chain) {
      // Longer than a contract may be: from two of them into memory.
      const code = initCodeOf(at(point, "size"), at(point, "filler"), at(point, "ends"));
      const halves = [code.subarray(0, 24_000), code.subarray(24_000, 48_000), code.subarray(48_000)];
      const copies = halves.flatMap((half, i) =>
        half.length === 0 ? [] : [half.length, 0, 24_000 * i, number(chain.deploy(half)), "EXTCODECOPY"],
      );
      const salt = name === "CREATE2" ? ["DUP1"] : [];
      // The first word of a copy changes nothing but the hash.
      return { setup: assemble(...copies), body: assemble(...salt, code.length, 0, 0, name, "POP", NEXT) };
    },
  });
}

export const creationAttacks: readonly Attack[] = [
  creation("CREATE"),
  creation("CREATE2"),
  program({
    name: "code that stays",
    group: "init code",
    axes: { size: [24_576, 1, 1024] },
    keep: [1, 0],
    // Its own address is in the second word, so that no two codes are alike.
    fragment(point) {
      const init = assemble("ADDRESS", 32, "MSTORE", at(point, "size"), 0, "RETURN");
      return {
        setup: assemble(number(init) << BigInt(8 * (32 - init.length)), 0, "MSTORE"),
        body: assemble(init.length, 0, 0, "CREATE", "POP"),
      };
    },
  }),
  {
    name: "creating transactions",
    group: "init code",
    axes,
    build(point, chain, gas) {
      const code = initCodeOf(at(point, "size"), at(point, "filler"), at(point, "ends"));
      const tokens = code.reduce((sum, byte) => sum + (byte === 0 ? 1 : 4), 0);
      const data = concatBytes(code.subarray(0, -8), word(chain.fresh()).subarray(24)).subarray(0, code.length);
      const each = 53_000 + Math.max(10 * (tokens + 32), 4 * tokens + 2 * Math.ceil(code.length / 32)) + 3000;
      return Array.from({ length: Math.max(1, Math.floor(gas / each)) }, () => ({ to: null, data, gasLimit: BigInt(each) }));
    },
  },
];
