/** The largest integer whose square is not above `a`, a u32, bit by bit: no double is consulted. */
export function isqrt(a: number): number {
  let root = 0;
  for (let bit = 2 ** 15; bit >= 1; bit /= 2) if ((root + bit) * (root + bit) <= a) root += bit;
  return root;
}
