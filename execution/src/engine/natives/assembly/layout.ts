// Where what is passed lies in memory, above the module's own data; ../arithmetic.ts has the same numbers.
export const BLAKE_H: usize = 4096;
export const BLAKE_M: usize = 4160;
export const BLAKE_T: usize = 4288;
export const BLAKE_PLAN: usize = 4304;
/** Numbers of at most 16 limbs of 32 bits, the least first. */
export const MODULUS: usize = 8192;
/** The base, and what the accumulator is in the end. */
export const BASE: usize = 8256;
/** R^2 mod m, R = 2^(32 limbs). */
export const SQUARE: usize = 8320;
export const PRODUCT: usize = 8384;
/** 16 powers of the base, 64 bytes each. */
export const TABLE: usize = 8512;
/** Bytes of the exponent, the greatest first, in pieces. */
export const EXPONENT: usize = 16384;
