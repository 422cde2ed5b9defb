/** The largest integer whose square is not above a. */
export function isqrt(a: u32): u32 {
  let root: u32 = 0;
  for (let bit: u32 = 0x8000; bit > 0; bit >>= 1) if ((root + bit) * (root + bit) <= a) root += bit;
  return root;
}
