// The base field, in Montgomery form (R = 2^390): 13 signed digits of 30 bits, an i32 each, in 64 bytes, the rest zero; digits are
// always within 2^29 + 2. A value is not unique: products are within 0.51 p plus a b / 630 p (F_p^2: twice that), sums grow, and
// products of factors within 19 p are always sound (tools/kernels/bls12-381/products.ts). What is added up before the next product
// is kept below that by count. Out may be an operand everywhere.
import { CHAIN, CHAIN_STEPS, MULTIPLES, ONE, PLAIN_ONE } from "./constants";
import { fpMul, fpSqr } from "./products";
import { give, take } from "./temporaries";

export const FP: usize = 64;

/** Of sums of three digits at most: s + 2^29 may be beyond 2^31. */
@inline function carry(s: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.shr_s(s, 1), i32x4.splat(1 << 28)), 29);
}

@inline function rest(s: v128, c: v128): v128 {
  return i32x4.sub(s, i32x4.shl(c, 30));
}

/** Sums of up to three digits to digits of 30 bits; each carry goes one digit up and no further. */
@inline export function settle(o: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  const c0 = carry(s0), c1 = carry(s1), c2 = carry(s2);
  v128.store(o, i32x4.add(rest(s0, c0), v128.shuffle<i32>(i32x4.splat(0), c0, 3, 4, 5, 6)));
  v128.store(o, i32x4.add(rest(s1, c1), v128.shuffle<i32>(c0, c1, 3, 4, 5, 6)), 16);
  v128.store(o, i32x4.add(rest(s2, c2), v128.shuffle<i32>(c1, c2, 3, 4, 5, 6)), 32);
  v128.store(o, i32x4.add(s3, v128.shuffle<i32>(c2, i32x4.splat(0), 3, 4, 5, 6)), 48);
}

@inline function plus(a: usize, b: usize, at: usize): v128 {
  return i32x4.add(v128.load(a + at), v128.load(b + at));
}

@inline function minus(a: usize, b: usize, at: usize): v128 {
  return i32x4.sub(v128.load(a + at), v128.load(b + at));
}

@inline export function addition(o: usize, a: usize, b: usize): void {
  settle(o, plus(a, b, 0), plus(a, b, 16), plus(a, b, 32), plus(a, b, 48));
}

@inline export function subtraction(o: usize, a: usize, b: usize): void {
  settle(o, minus(a, b, 0), minus(a, b, 16), minus(a, b, 32), minus(a, b, 48));
}

export function fpAdd(o: usize, a: usize, b: usize): void {
  addition(o, a, b);
}

export function fpSub(o: usize, a: usize, b: usize): void {
  subtraction(o, a, b);
}

@inline function less(a: usize, b: usize, c: usize, at: usize): v128 {
  return i32x4.sub(minus(a, b, at), v128.load(c + at));
}

/** a - b - c. */
export function fpSub2(o: usize, a: usize, b: usize, c: usize): void {
  settle(o, less(a, b, c, 0), less(a, b, c, 16), less(a, b, c, 32), less(a, b, c, 48));
}

@inline function twice(a: usize, b: usize, at: usize): v128 {
  return i32x4.add(i32x4.shl(v128.load(a + at), 1), v128.load(b + at));
}

/** 2 a + b. */
export function fpTwice(o: usize, a: usize, b: usize): void {
  settle(o, twice(a, b, 0), twice(a, b, 16), twice(a, b, 32), twice(a, b, 48));
}

export function fpNeg(o: usize, a: usize): void {
  v128.store(o, i32x4.neg(v128.load(a)));
  v128.store(o, i32x4.neg(v128.load(a, 16)), 16);
  v128.store(o, i32x4.neg(v128.load(a, 32)), 32);
  v128.store(o, i32x4.neg(v128.load(a, 48)), 48);
}

/** To within 0.51 p, of what is within 32 p: less the multiple of p that the uppermost digit tells. */
export function fpReduce(o: usize, a: usize): void {
  // 1260 = 2^31 / p's uppermost digit
  const multiple = <i32>((<i64>load<i32>(a, 48) * 1260 + (1 << 30)) >> 31);
  fpSub(o, a, MULTIPLES + (<usize>(multiple + 32) << 6));
}

@inline export function fpCopy(o: usize, a: usize): void {
  memory.copy(o, a, FP);
}

/** Whether the digits are: of a product, whether the value is, as long as that product is less than p. */
@inline export function fpIsZeroProduct(a: usize): bool {
  return !v128.any_true(v128.or(v128.or(v128.load(a), v128.load(a, 16)), v128.or(v128.load(a, 32), v128.load(a, 48))));
}

export function fpIsZero(a: usize): bool {
  const t = take(FP);
  fpMul(t, a, ONE);
  give(t);
  return fpIsZeroProduct(t);
}

export function fpEqual(a: usize, b: usize): bool {
  const t = take(FP);
  fpSub(t, a, b);
  const equal = fpIsZero(t);
  give(t);
  return equal;
}

/** The number itself, from 0 to p - 1, in digits from 0 to 2^30 - 1. */
export function fpPlain(o: usize, a: usize): void {
  fpMul(o, a, PLAIN_ONE); // within 0.51 p
  let c = lift(o, 0);
  if (c < 0) lift(o, MULTIPLES + 33 * FP);
}

/** Digits from 0 on, after `more` is added; what is carried out of the last, so -1 of a number below zero. */
function lift(o: usize, more: usize): i32 {
  let c: i32 = 0;
  for (let i: usize = 0; i < 52; i += 4) {
    c += load<i32>(o + i);
    if (more) c += load<i32>(more + i);
    store<i32>(o + i, c & 0x3fffffff);
    c >>= 30;
  }
  return c;
}

/** RFC 9380, 4.1. */
export function fpSgn0(a: usize): i32 {
  const t = take(FP);
  fpPlain(t, a);
  give(t);
  return load<i32>(t) & 1;
}

/** a^((p - 3) / 4) by sliding windows of five bits: CHAIN has pairs of a number of squarings and half of an odd power. */
export function fpPower(o: usize, a: usize): void {
  const table = take(17 * FP), square = table + 16 * FP;
  fpCopy(table, a);
  fpSqr(square, a);
  for (let i: usize = 1; i < 16; i++) fpMul(table + i * FP, table + (i - 1) * FP, square);
  fpCopy(o, table + ((<usize>load<u8>(CHAIN + 1)) << 6));
  for (let i: usize = 1; i < CHAIN_STEPS; i++) {
    for (let n = load<u8>(CHAIN + 2 * i); n > 0; n--) fpSqr(o, o);
    const power = load<u8>(CHAIN + 2 * i, 1);
    if (power != 255) fpMul(o, o, table + ((<usize>power) << 6));
  }
  give(table);
}
