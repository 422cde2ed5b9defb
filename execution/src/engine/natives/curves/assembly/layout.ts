// Where everything lies in the one page of memory, above the module's own data; ../curves.ts has the same numbers where it writes.
/** A number: nine limbs of 29 bits in 64, the least first. */
export const E: usize = 72;
/** A point in affine coordinates. */
export const AFFINE: usize = 144;
/** A point in Jacobian coordinates. */
export const JACOBIAN: usize = 216;

/** Constants of a curve (CURVE in ../curves.ts), from its address on. */
export const PRIME: usize = 0;
/** R^2 and R^3 mod p, R = 2^261. */
export const R2: usize = 72;
export const R3: usize = 144;
/** R mod p: one. */
export const ONE: usize = 216;
/** -a and b of y^2 = x^3 + a x + b. */
export const MINUS_A: usize = 288;
export const B: usize = 360;
export const BN254: usize = 4096;
export const P256: usize = 4608;
/** The order of P-256. */
export const ORDER: usize = 5120;
/** A root of x^2 + x + 1 in BN254's field, which the endomorphism multiplies x by. */
export const BETA: usize = 5200;
/** The integer 1. */
export const UNIT: usize = 5280;

/** Big-endian numbers of 32 bytes, as they come and go. */
export const INPUT: usize = 6144;
export const OUTPUT: usize = 6272;
export const SCALARS: usize = 6400;

export const WORDS: usize = 6528;
export const T: usize = 6656;
export const POINT: usize = 7680;
export const SECOND: usize = 7824;
export const ACCUMULATOR: usize = 7968;
export const INVERSE: usize = 8192;
export const DIGITS: usize = 8704;
/** Bytes of one scalar's digits. */
export const DIGITS_BYTES: usize = 272;
export const TABLE: usize = 10240;
export const TABLE_TWO: usize = 12288;
export const GENERATORS: usize = 16384;
/** While a table is made. */
export const MULTIPLES: usize = 32768;
export const PRODUCTS: usize = 49152;
