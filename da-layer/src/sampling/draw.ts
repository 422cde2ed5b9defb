import type { Random } from "@noema/core/ports/random";
import { CELLS } from "./cells.ts";

export type Place = { slot: number; cell: number };

/** The platform's, in Node and in browsers. */
export const platformRandom: Random = { bytes: (n) => crypto.getRandomValues(new Uint8Array(n)) };

/** Uniform below `limit`, at most 2^32: what would favour small numbers is drawn again. */
function drawBelow(limit: number, random: Random): number {
  const fair = 2 ** 32 - (2 ** 32 % limit);
  for (;;) {
    const [a, b, c, d] = random.bytes(4) as unknown as [number, number, number, number];
    const value = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
    if (value < fair) return value % limit;
  }
}

/** Different places of an object's 128 N cells, in the order they were drawn. Not more than there are. */
export function drawPlaces(count: number, N: number, random: Random): Place[] {
  const total = CELLS * N;
  const drawn = new Set<number>();
  while (drawn.size < Math.min(count, total)) drawn.add(drawBelow(total, random));
  return [...drawn].map((at) => ({ slot: Math.floor(at / CELLS), cell: at % CELLS }));
}

/** A random order. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const k = drawBelow(i + 1, random);
    [out[i], out[k]] = [out[k]!, out[i]!];
  }
  return out;
}
