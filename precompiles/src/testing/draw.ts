/** Random integers of a seed, for models of tests. */

/** An integer in [min, max]. */
export type Draw = (min: number, max: number) => number;

/** Seeded (mulberry32). */
export function createDraw(seed: number): Draw {
  let state = seed | 0;
  return (min, max) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return min + (((t ^ (t >>> 14)) >>> 0) % (max - min + 1));
  };
}

/** Some runs are all -128 or all 127, the largest products there are, or a single value. */
export function int8s(draw: Draw, n: number): Int8Array {
  const mode = draw(0, 9);
  const constant = [-128, 127, -128, 127, draw(-128, 127)][mode];
  return Int8Array.from({ length: n }, () => constant ?? draw(-128, 127));
}

export const int32 = (draw: Draw) => draw(0, 2 ** 32 - 1) - 2 ** 31;
/** True once in n. */
export const once = (draw: Draw, n: number) => draw(1, n) === 1;
export const oneOf = <T>(draw: Draw, all: readonly T[]): T => all[draw(0, all.length - 1)]!;
