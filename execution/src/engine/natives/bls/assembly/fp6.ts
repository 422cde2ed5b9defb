// F_p^2[v] / (v^3 - (1 + u)): three elements of F_p^2. Products are reduced (fp.ts), so that sums of a few are within bounds.
import { FP2, fp2Add, fp2Inverse, fp2MulXi, fp2Neg, fp2Reduce, fp2Sub, fp2Sub2 } from "./fp2";
import { fp2Mul, fp2Sqr } from "./products";
import { give, take } from "./temporaries";

export const FP6: usize = 384;

export function fp6Add(o: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < FP6; i += FP2) fp2Add(o + i, a + i, b + i);
}

export function fp6Sub(o: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < FP6; i += FP2) fp2Sub(o + i, a + i, b + i);
}

export function fp6Neg(o: usize, a: usize): void {
  for (let i: usize = 0; i < FP6; i += FP2) fp2Neg(o + i, a + i);
}

/** By v. */
export function fp6Shift(o: usize, a: usize): void {
  const t = take(FP2);
  fp2MulXi(t, a + 2 * FP2);
  memory.copy(o + FP2, a, 2 * FP2);
  memory.copy(o, t, FP2);
  give(t);
}

/** (a + b) (c + d) - less - more. */
@inline function cross(o: usize, a: usize, b: usize, c: usize, d: usize, less: usize, more: usize, t: usize): void {
  fp2Add(o, a, b);
  fp2Add(t, c, d);
  fp2Mul(o, o, t);
  fp2Sub2(o, o, less, more);
}

export function fp6Mul(o: usize, a: usize, b: usize): void {
  const x = take(7 * FP2), y = x + FP2, z = y + FP2, t = z + FP2, c0 = t + FP2, c1 = c0 + FP2, c2 = c1 + FP2;
  const a1 = a + FP2, a2 = a1 + FP2, b1 = b + FP2, b2 = b1 + FP2;
  fp2Mul(x, a, b);
  fp2Mul(y, a1, b1);
  fp2Mul(z, a2, b2);
  cross(c0, a1, a2, b1, b2, y, z, t);
  fp2MulXi(c0, c0);
  fp2Add(c0, c0, x);
  cross(c1, a, a1, b, b1, x, y, t);
  cross(c2, a, a2, b, b2, x, z, t);
  fp2Add(c2, c2, y);
  fp2MulXi(z, z);
  fp2Add(c1, c1, z);
  fp2Reduce(o, c0);
  fp2Reduce(o + FP2, c1);
  fp2Reduce(o + 2 * FP2, c2);
  give(x);
}

/** By b0 + b1 v. */
export function fp6Mul01(o: usize, a: usize, b0: usize, b1: usize): void {
  const x = take(6 * FP2), y = x + FP2, t = y + FP2, c0 = t + FP2, c1 = c0 + FP2, c2 = c1 + FP2;
  fp2Mul(x, a, b0);
  fp2Mul(y, a + FP2, b1);
  cross(c1, a, a + FP2, b0, b1, x, y, t);
  fp2Mul(c0, a + 2 * FP2, b1);
  fp2MulXi(c0, c0);
  fp2Add(c0, c0, x);
  fp2Mul(c2, a + 2 * FP2, b0);
  fp2Add(c2, c2, y);
  fp2Reduce(o, c0);
  fp2Reduce(o + FP2, c1);
  fp2Reduce(o + 2 * FP2, c2);
  give(x);
}

/** By b1 v. */
export function fp6Mul1(o: usize, a: usize, b1: usize): void {
  const t = take(FP2);
  fp2Mul(t, a + 2 * FP2, b1);
  fp2Mul(o + 2 * FP2, a + FP2, b1);
  fp2Mul(o + FP2, a, b1);
  fp2MulXi(o, t);
  give(t);
}

export function fp6Inverse(o: usize, a: usize): void {
  const x = take(5 * FP2), y = x + FP2, z = y + FP2, t = z + FP2, s = t + FP2;
  const a1 = a + FP2, a2 = a1 + FP2;
  fp2Sqr(x, a);
  fp2Mul(t, a1, a2);
  fp2MulXi(t, t);
  fp2Sub(x, x, t); // a0^2 - xi a1 a2
  fp2Sqr(y, a2);
  fp2MulXi(y, y);
  fp2Mul(t, a, a1);
  fp2Sub(y, y, t); // xi a2^2 - a0 a1
  fp2Sqr(z, a1);
  fp2Mul(t, a, a2);
  fp2Sub(z, z, t); // a1^2 - a0 a2
  fp2Mul(t, a2, y);
  fp2Mul(s, a1, z);
  fp2Add(t, t, s);
  fp2MulXi(t, t);
  fp2Mul(s, a, x);
  fp2Add(t, t, s);
  fp2Inverse(t, t);
  fp2Mul(o, x, t);
  fp2Mul(o + FP2, y, t);
  fp2Mul(o + 2 * FP2, z, t);
  give(x);
}
