/** Choice of peers from the entropy of this start (xorshift128): deterministic for a simulator, never for anything validators agree on. */
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";

export type RandomState = { words: Uint32Array };

export function createRandom(entropy: Bytes): RandomState {
  const digest = sha256(entropy);
  const view = new DataView(digest.buffer, digest.byteOffset);
  return { words: Uint32Array.from([0, 4, 8, 12], (at) => view.getUint32(at) | 1) };
}

/** Uniform enough in [0, bound), bound < 2^32. */
export function nextBelow(random: RandomState, bound: number): number {
  const w = random.words;
  let t = w[3] as number;
  const first = w[0] as number;
  t ^= t << 11;
  t ^= t >>> 8;
  w[3] = w[2] as number;
  w[2] = w[1] as number;
  w[1] = first;
  w[0] = t ^ first ^ (first >>> 19);
  return (w[0] as number) % bound;
}

/** Up to `count` different members of `from`. */
export function pick<T>(random: RandomState, from: readonly T[], count: number): T[] {
  const pool = [...from];
  const out: T[] = [];
  while (out.length < count && pool.length > 0) out.push(...pool.splice(nextBelow(random, pool.length), 1));
  return out;
}
