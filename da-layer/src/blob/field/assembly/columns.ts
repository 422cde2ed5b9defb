// The code, a block of positions at a time: each position is a column, one element of each row.
import { read, readFactor, write } from "./element";
import { BLOCK, E, ELEMENTS, FACTORS, IN, INVERSE_ROOTS, OUT, PART, ROOTS, SCRATCH, SUMS } from "./layout";
import { accumulate, COLUMNS, mul, reduce } from "./products";
import { reversed, transform } from "./transform";

/** Products in one sum before its columns are settled. */
export const AT_ONCE: usize = 12;

/** Scalars at IN, each 32 bytes, to Montgomery form. */
export function factors(to: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) readFactor(to + i * E, IN + i * 32);
}

/** Values of R rows at the n-th roots of unity, zero at those beyond, to coefficients times n. False where an element is not canonical. */
export function interpolate(R: usize, n: usize): bool {
  let canonical = true;
  memory.fill(ELEMENTS, 0, BLOCK * n * E);
  for (let r: usize = 0; r < R; r++) {
    const to = ELEMENTS + reversed(r, n) * E, from = IN + r * PART;
    for (let e: usize = 0; e < BLOCK; e++) canonical = read(to + e * n * E, from + e * 32) && canonical;
  }
  for (let e: usize = 0; e < BLOCK; e++) transform(ELEMENTS + e * n * E, n, INVERSE_ROOTS);
  return canonical;
}

/** The first `count` values on a coset, whose n factors of coefficients are at FACTORS. */
export function evaluate(n: usize, coset: usize, count: usize): void {
  const twists = FACTORS + coset * n * E;
  for (let e: usize = 0; e < BLOCK; e++) {
    const coefficients = ELEMENTS + e * n * E;
    for (let j: usize = 0; j < n; j++) mul(SCRATCH + reversed(j, n) * E, coefficients + j * E, twists + j * E);
    transform(SCRATCH, n, ROOTS);
    for (let k: usize = 0; k < count; k++) write(OUT + k * PART + e * 32, SCRATCH + k * E);
  }
}

/** `M` linear combinations of `K` rows, by M times K factors. False where an element is not canonical. */
export function combine(K: usize, M: usize): bool {
  let canonical = true;
  for (let k: usize = 0; k < K; k++)
    for (let e: usize = 0; e < BLOCK; e++) canonical = read(ELEMENTS + (e * K + k) * E, IN + k * PART + e * 32) && canonical;
  for (let e: usize = 0; e < BLOCK; e++)
    for (let m: usize = 0; m < M; m++) {
      product(SCRATCH, ELEMENTS + e * K * E, FACTORS + m * K * E, K);
      write(OUT + m * PART + e * 32, SCRATCH);
    }
  return canonical;
}

/** o = sum a_i b_i / R. */
function product(o: usize, a: usize, b: usize, count: usize): void {
  memory.fill(SUMS, 0, COLUMNS);
  for (let k: usize = 0; k < count; k += AT_ONCE) accumulate(SUMS, a + k * E, b + k * E, min(count - k, AT_ONCE));
  reduce(o, SUMS);
}
