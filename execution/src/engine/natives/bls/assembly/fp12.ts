// F_p^6[w] / (w^2 - v): two elements of F_p^6.
import { FROBENIUS, ONE } from "./constants";
import { FP, fpIsZero, fpReduce, fpSub } from "./fp";
import { FP2, fp2Add, fp2Conjugate, fp2MulXi, fp2Reduce, fp2Sub, fp2Sub2, fp2Twice } from "./fp2";
import { FP6, fp6Add, fp6Inverse, fp6Mul, fp6Mul01, fp6Mul1, fp6Neg, fp6Shift, fp6Sub } from "./fp6";
import { fp2Mul, fp2Sqr } from "./products";
import { give, take } from "./temporaries";

export const FP12: usize = 768;

export function fp12SetOne(o: usize): void {
  memory.fill(o, 0, FP12);
  memory.copy(o, ONE, FP);
}

export function fp12IsOne(a: usize): bool {
  const t = take(FP);
  fpSub(t, a, ONE);
  let is = fpIsZero(t);
  for (let i: usize = FP; i < FP12; i += FP) is = is && fpIsZero(a + i);
  give(t);
  return is;
}

function reduce(o: usize): void {
  for (let i: usize = 0; i < FP12; i += FP) fpReduce(o + i, o + i);
}

export function fp12Mul(o: usize, a: usize, b: usize): void {
  const x = take(4 * FP6), y = x + FP6, s = y + FP6, t = s + FP6;
  fp6Mul(x, a, b);
  fp6Mul(y, a + FP6, b + FP6);
  fp6Add(s, a, a + FP6);
  fp6Add(t, b, b + FP6);
  fp6Mul(s, s, t);
  fp6Sub(s, s, x);
  fp6Sub(o + FP6, s, y);
  fp6Shift(y, y);
  fp6Add(o, x, y);
  reduce(o);
  give(x);
}

export function fp12Sqr(o: usize, a: usize): void {
  const x = take(3 * FP6), s = x + FP6, t = s + FP6;
  fp6Mul(x, a, a + FP6);
  fp6Add(s, a, a + FP6);
  fp6Shift(t, a + FP6);
  fp6Add(t, t, a);
  fp6Mul(s, s, t);
  fp6Sub(s, s, x);
  fp6Add(o + FP6, x, x);
  fp6Shift(x, x);
  fp6Sub(o, s, x);
  reduce(o);
  give(x);
}

/** By a line, b0 + b1 v + b4 v w. */
export function fp12MulLine(o: usize, b0: usize, b1: usize, b4: usize): void {
  const x = take(3 * FP6 + FP2), y = x + FP6, s = y + FP6, t = s + FP6;
  fp6Mul01(x, o, b0, b1);
  fp6Mul1(y, o + FP6, b4);
  fp6Add(s, o, o + FP6);
  fp2Add(t, b1, b4);
  fp6Mul01(s, s, b0, t);
  fp6Sub(s, s, x);
  fp6Sub(o + FP6, s, y);
  fp6Shift(y, y);
  fp6Add(o, x, y);
  reduce(o);
  give(x);
}

/** a^(p^6). */
export function fp12Conjugate(o: usize, a: usize): void {
  memory.copy(o, a, FP6);
  fp6Neg(o + FP6, a + FP6);
}

export function fp12Inverse(o: usize, a: usize): void {
  const x = take(2 * FP6), y = x + FP6;
  fp6Mul(x, a, a);
  fp6Mul(y, a + FP6, a + FP6);
  fp6Shift(y, y);
  fp6Sub(x, x, y);
  fp6Inverse(x, x);
  fp6Mul(o, a, x);
  fp6Mul(o + FP6, a + FP6, x);
  fp6Neg(o + FP6, o + FP6);
  give(x);
}

/** a^p: the coefficient of w^i is conjugated and multiplied by xi^(i (p - 1) / 6). */
export function fp12Frobenius(o: usize, a: usize): void {
  for (let i: usize = 0; i < 6; i++) {
    const at = (i & 1) * FP6 + (i >> 1) * FP2;
    fp2Conjugate(o + at, a + at);
    fp2Mul(o + at, o + at, FROBENIUS + i * FP2);
  }
}

/** (a + b s)^2 = a^2 + xi b^2 + 2 a b s, s^2 = xi. */
function square4(x: usize, y: usize, a: usize, b: usize): void {
  const t = take(2 * FP2), s = t + FP2;
  fp2Sqr(t, a);
  fp2Sqr(s, b);
  fp2Add(y, a, b);
  fp2Sqr(y, y);
  fp2Sub2(y, y, t, s);
  fp2MulXi(s, s);
  fp2Add(x, t, s);
  give(t);
}

/** 3 t - 2 z, or 3 t + 2 z. */
@inline function minus(z: usize, t: usize): void {
  fp2Sub(z, t, z);
  fp2Twice(z, z, t);
  fp2Reduce(z, z);
}

@inline function plus(z: usize, t: usize): void {
  fp2Add(z, t, z);
  fp2Twice(z, z, t);
  fp2Reduce(z, z);
}

/** o^2 in the cyclotomic subgroup (Granger and Scott, https://eprint.iacr.org/2009/565, 3.2). */
export function fp12CyclotomicSqr(o: usize): void {
  const t0 = take(6 * FP2), t1 = t0 + FP2, t2 = t1 + FP2, t3 = t2 + FP2, t4 = t3 + FP2, t5 = t4 + FP2;
  const z0 = o, z4 = o + FP2, z3 = z4 + FP2, z2 = z3 + FP2, z1 = z2 + FP2, z5 = z1 + FP2;
  square4(t0, t1, z0, z1);
  square4(t2, t3, z2, z3);
  square4(t4, t5, z4, z5);
  minus(z0, t0);
  plus(z1, t1);
  minus(z4, t2);
  plus(z5, t3);
  fp2MulXi(t5, t5);
  plus(z2, t5);
  minus(z3, t4);
  give(t0);
}
