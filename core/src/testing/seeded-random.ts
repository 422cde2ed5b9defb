/** Reproducible Random and numbers for simulations: sha256 in counter mode. */
import { concatBytes, u64le, utf8 } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import type { Bytes } from "../ports/bytes.ts";
import type { Random } from "../ports/random.ts";

export type SeededRandom = Random & {
  /** Integer in [0, below); `below` at most 2^32. */
  integer(below: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** An independent stream. */
  fork(name: string): SeededRandom;
};

export function createSeededRandom(seed: string | number): SeededRandom {
  const key = sha256(utf8(`noema/test-random/${seed}`));
  let counter = 0;
  let block: Bytes = new Uint8Array(0);
  let used = 0;
  function bytes(n: number): Bytes {
    const out = new Uint8Array(n);
    for (let at = 0; at < n; ) {
      if (used === block.length) {
        block = sha256(concatBytes(key, u64le(counter++)));
        used = 0;
      }
      const part = block.subarray(used, used + n - at);
      out.set(part, at);
      at += part.length;
      used += part.length;
    }
    return out;
  }
  function uint32(): number {
    const b = bytes(4);
    return new DataView(b.buffer).getUint32(0);
  }
  return {
    bytes,
    integer: (below) => Math.floor((uint32() / 2 ** 32) * below),
    chance: (p) => uint32() / 2 ** 32 < p,
    fork: (name) => createSeededRandom(`${seed}/${name}`),
  };
}
