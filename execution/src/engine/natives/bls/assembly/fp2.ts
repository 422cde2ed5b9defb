// F_p[u] / (u^2 + 1): two elements of F_p, 128 bytes.
import { FP, fpAdd, fpEqual, fpIsZero, fpNeg, fpReduce, fpSgn0, fpSub } from "./fp";
import { fpInverse } from "./fp-inverse";
import { fpMul, fpSqr } from "./products";
import { give, take } from "./temporaries";

export const FP2: usize = 128;

export function fp2Add(o: usize, a: usize, b: usize): void {
  fpAdd(o, a, b);
  fpAdd(o + FP, a + FP, b + FP);
}

export function fp2Sub(o: usize, a: usize, b: usize): void {
  fpSub(o, a, b);
  fpSub(o + FP, a + FP, b + FP);
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
  const t = take(FP);
  fpSub(t, a, a + FP);
  fpAdd(o + FP, a, a + FP);
  memory.copy(o, t, FP);
  give(t);
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
