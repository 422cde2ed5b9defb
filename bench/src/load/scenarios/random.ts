/** A fair-looking number below `limit` for (seed, i): the same whenever it is asked. Weyl step and murmur3's finalizer, 32 bits. */
export function pick(seed: number, i: number, limit: number): number {
  let x = (Math.imul(i + 1, 0x9e3779b9) ^ seed) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) % limit;
}
