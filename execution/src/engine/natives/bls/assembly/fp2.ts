// F_p[u] / (u^2 + 1): two elements of F_p, 128 bytes.
import { addition, FP, fpAdd, fpEqual, fpIsZero, fpNeg, fpReduce, fpSgn0, fpSub2, fpTwice, settle, subtraction } from "./fp";
import { fpInverse } from "./fp-inverse";
import { fpMul, fpSqr } from "./products";
import { give, take } from "./temporaries";

export const FP2: usize = 128;

export function fp2Add(o: usize, a: usize, b: usize): void {
  addition(o, a, b);
  addition(o + FP, a + FP, b + FP);
}

export function fp2Sub(o: usize, a: usize, b: usize): void {
  subtraction(o, a, b);
  subtraction(o + FP, a + FP, b + FP);
}

/** a - b - c. */
export function fp2Sub2(o: usize, a: usize, b: usize, c: usize): void {
  fpSub2(o, a, b, c);
  fpSub2(o + FP, a + FP, b + FP, c + FP);
}

/** 2 a + b. */
export function fp2Twice(o: usize, a: usize, b: usize): void {
  fpTwice(o, a, b);
  fpTwice(o + FP, a + FP, b + FP);
}

export function fp2Neg(o: usize, a: usize): void {
  fpNeg(o, a);
  fpNeg(o + FP, a + FP);
}

export function fp2Conjugate(o: usize, a: usize): void {
  memory.copy(o, a, FP);
  fpNeg(o + FP, a + FP);
}

export function fp2Reduce(o: usize, a: usize): void {
  fpReduce(o, a);
  fpReduce(o + FP, a + FP);
}

@inline export function fp2Copy(o: usize, a: usize): void {
  memory.copy(o, a, FP2);
}

/** By 1 + u, the cubic and quadratic nonresidue of the tower. */
export function fp2MulXi(o: usize, a: usize): void {
  const a0 = v128.load(a), a1 = v128.load(a, 16), a2 = v128.load(a, 32), a3 = v128.load(a, 48);
  const b0 = v128.load(a, 64), b1 = v128.load(a, 80), b2 = v128.load(a, 96), b3 = v128.load(a, 112);
  settle(o, i32x4.sub(a0, b0), i32x4.sub(a1, b1), i32x4.sub(a2, b2), i32x4.sub(a3, b3));
  settle(o + FP, i32x4.add(a0, b0), i32x4.add(a1, b1), i32x4.add(a2, b2), i32x4.add(a3, b3));
}

/** By an element of F_p. */
export function fp2Scale(o: usize, a: usize, b: usize): void {
  fpMul(o, a, b);
  fpMul(o + FP, a + FP, b);
}

export function fp2IsZero(a: usize): bool {
  return fpIsZero(a) && fpIsZero(a + FP);
}

export function fp2Equal(a: usize, b: usize): bool {
  return fpEqual(a, b) && fpEqual(a + FP, b + FP);
}

/** a0^2 + a1^2. */
export function fp2Norm(o: usize, a: usize): void {
  const t = take(FP);
  fpSqr(t, a);
  fpSqr(o, a + FP);
  fpAdd(o, o, t);
  give(t);
}

export function fp2Inverse(o: usize, a: usize): void {
  const t = take(FP);
  fp2Norm(t, a);
  fpInverse(t, t);
  fp2Conjugate(o, a);
  fp2Scale(o, o, t);
  give(t);
}

/** RFC 9380, 4.1. */
export function fp2Sgn0(a: usize): i32 {
  return fpIsZero(a) ? fpSgn0(a + FP) : fpSgn0(a);
}
