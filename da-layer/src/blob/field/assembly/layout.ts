// Where things lie, above the module's own data; ../kernel.ts has the same numbers. Nothing grows with an object: rows are worked on
// BLOCK positions at a time, and a coset's parity rows one coset after the other.
export const E: usize = 48;
export const BLOCK: usize = 64;
/** Bytes of a row's part: 32 a position, and a cache line more, else all rows would fall into the same lines of the cache. */
export const PART: usize = BLOCK * 32 + 64;
export const MAX_ROWS: usize = 128;
export const ROW_ELEMENTS: usize = 4096;

/** Of one position. */
export const SCRATCH: usize = 0x8000;
/** Columns of a sum of products. */
export const SUMS: usize = 0xa000;
export const TEMPORARIES: usize = 0xb000;
/** 32 bytes an element, big endian: what is passed (parts of rows, one whole row, scalars) and what is answered. */
export const IN: usize = 0x10000;
export const OUT: usize = 0x60000;
/** The block's elements, those of a position side by side. */
export const ELEMENTS: usize = 0xb0000;
/** Roots of unity of the transform in use, and their inverses: MAX_ROWS / 2 each. */
export const ROOTS: usize = 0x120000;
export const INVERSE_ROOTS: usize = 0x122000;
/** Factors of coefficients for each coset, or those of linear combinations. */
export const FACTORS: usize = 0x124000;
/** The 4,096th roots of unity, bit-reversed, and the weights of an evaluation. */
export const DOMAIN: usize = 0x1f0000;
export const WEIGHTS: usize = 0x220000;
