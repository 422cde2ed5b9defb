// One name for both fields that curves are over: the group in use says which.
import { FP, fpAdd, fpEqual, fpIsZero, fpIsZeroProduct, fpNeg, fpReduce, fpSub, fpSub2, fpTwice } from "./fp";
import { fpInverse } from "./fp-inverse";
import { FP2, fp2Add, fp2Equal, fp2Inverse, fp2IsZero, fp2Neg, fp2Reduce, fp2Sub } from "./fp2";
import { fp2Mul, fp2Sqr, fpMul, fpSqr } from "./products";

export let two: bool = false;
/** Bytes of an element. */
export let E: usize = FP;

/** Elements are of F_p (G1) or F_p^2 (G2) from here on. */
export function use(second: bool): void {
  two = second;
  E = second ? FP2 : FP;
}

export function mul(o: usize, a: usize, b: usize): void {
  if (two) fp2Mul(o, a, b);
  else fpMul(o, a, b);
}

export function sqr(o: usize, a: usize): void {
  if (two) fp2Sqr(o, a);
  else fpSqr(o, a);
}

export function add(o: usize, a: usize, b: usize): void {
  if (two) fp2Add(o, a, b);
  else fpAdd(o, a, b);
}

export function sub(o: usize, a: usize, b: usize): void {
  if (two) fp2Sub(o, a, b);
  else fpSub(o, a, b);
}

/** a - b - c. */
export function sub2(o: usize, a: usize, b: usize, c: usize): void {
  fpSub2(o, a, b, c);
  if (two) fpSub2(o + FP, a + FP, b + FP, c + FP);
}

/** 2 a + b. */
export function twice(o: usize, a: usize, b: usize): void {
  fpTwice(o, a, b);
  if (two) fpTwice(o + FP, a + FP, b + FP);
}

export function reduce(o: usize, a: usize): void {
  if (two) fp2Reduce(o, a);
  else fpReduce(o, a);
}

export function neg(o: usize, a: usize): void {
  if (two) fp2Neg(o, a);
  else fpNeg(o, a);
}

export function inverse(o: usize, a: usize): void {
  if (two) fp2Inverse(o, a);
  else fpInverse(o, a);
}

@inline export function copy(o: usize, a: usize): void {
  memory.copy(o, a, E);
}

/** As fpIsZeroProduct. */
export function isZeroProduct(a: usize): bool {
  return fpIsZeroProduct(a) && (!two || fpIsZeroProduct(a + FP));
}

export function isZero(a: usize): bool {
  return two ? fp2IsZero(a) : fpIsZero(a);
}

export function equal(a: usize, b: usize): bool {
  return two ? fp2Equal(a, b) : fpEqual(a, b);
}
