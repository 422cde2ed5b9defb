// Where things lie, above the module's own data; ../kernel.ts has the first of them, too. Whatever is kept for each pair of a chunk is kept for
// CHUNK pairs.
export const CHUNK: usize = 32;
/** What is passed and answered, in the encodings of EIP-2537. */
export const BYTES: usize = 0x8000;
/** Scalars in parts, 32 bytes a pair: two of 128 bits (G1) or four of 64 (G2), the least bits first. */
export const SCALARS: usize = 0x8400;
/** A product of Miller loops. */
export const PRODUCT: usize = 0x8800;
/** A sum of points. */
export const TOTAL: usize = 0x8c00;
/** Parts of scalars in signed digits, RECODED_BYTES each. */
export const RECODED: usize = 0x9000;
export const RECODED_BYTES: usize = 132;
export const TEMPORARIES: usize = 0x10000;
/** Of each pair: affine points of G1 and G2, and the multiple of the latter that a Miller loop has come to. */
export const ONES: usize = 0x20000;
export const TWOS: usize = 0x21000;
export const MULTIPLES_OF_TWOS: usize = 0x23000;
/** Odd multiples of points. */
export const TABLES: usize = 0x28000;
