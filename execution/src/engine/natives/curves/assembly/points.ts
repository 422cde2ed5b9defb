// Points in Jacobian coordinates (x = X / Z^2, y = Y / Z^3), Z = 0 at infinity; X, Y and Z carried. Both groups have an odd prime
// order: no point has y = 0.
import { add, carry, clear, copy, curve, difference, isP256, isZero, lessTwice, multiply, setOne, square, subtract, threeHalves } from "./field";
import { invert } from "./inverse";
import { B, E, MINUS_A, PRIME, R3, T } from "./layout";

const T1: usize = T + E;
const T2: usize = T + 2 * E;
const T3: usize = T + 3 * E;
const T4: usize = T + 4 * E;

export function setInfinity(point: usize): void {
  clear(point + 2 * E);
}

/** Infinity is written as zeros, and no other Z has all of its limbs zero. */
export function isInfinity(point: usize): bool {
  for (let i: usize = 2 * E; i < 3 * E; i += 8) if (load<i64>(point + i) != 0) return false;
  return true;
}

/** In place. With M = 3 X^2 + a Z^4, L = M / 2, S = Y^2: X' = L^2 - 2 X S, Y' = L (X S - X') - S^2, Z' = Y Z. */
export function double(point: usize): void {
  const y = point + E;
  const z = point + 2 * E;
  if (isP256) {
    square(T, z); // a = -3: M = 3 (X - Z^2) (X + Z^2)
    subtract(T1, point, T);
    add(T2, point, T);
    multiply(T, T1, T2);
  } else square(T, point);
  threeHalves(T, T);
  square(T1, y);
  multiply(T2, point, T1);
  multiply(z, y, z);
  square(T3, T);
  lessTwice(point, T3, T2);
  subtract(T2, T2, point);
  multiply(T2, T, T2);
  square(T1, T1);
  difference(y, T2, T1);
}

/** point += an affine one, or its negative. */
export function addAffine(point: usize, affine: usize, negative: bool): void {
  const y = point + E;
  const z = point + 2 * E;
  if (isInfinity(point)) {
    copy(point, affine);
    copy(y, affine + E);
    if (negative) negate(y);
    setOne(z);
    return;
  }
  square(T, z);
  multiply(T1, affine, T);
  multiply(T, T, z);
  multiply(T, T, affine + E);
  if (negative) negate(T);
  difference(T1, T1, point); // H
  difference(T, T, y); // r
  if (isZero(T1)) {
    if (isZero(T)) double(point);
    else setInfinity(point);
    return;
  }
  multiply(z, z, T1);
  square(T2, T1);
  multiply(T3, T2, point); // V = X H^2
  multiply(T2, T2, T1);
  square(T4, T);
  subtract(T4, T4, T2);
  lessTwice(point, T4, T3); // r^2 - H^3 - 2 V
  subtract(T3, T3, point);
  multiply(T3, T3, T);
  multiply(T4, T2, y);
  difference(y, T3, T4);
}

export function negate(a: usize): void {
  for (let i: usize = 0; i < E; i += 8) store<i64>(a + i, 0 - load<i64>(a + i));
  carry(a);
}

/** out = 1 / a in Montgomery form; a is not 0. */
export function invertField(out: usize, a: usize): void {
  invert(out, a, curve + PRIME);
  multiply(out, out, curve + R3);
}

/** Of a finite point; `inverse` is 1 / Z. */
export function toAffine(out: usize, point: usize, inverse: usize): void {
  square(T, inverse);
  multiply(T1, T, inverse);
  multiply(out, point, T);
  multiply(out + E, point + E, T1);
}

export function isOnCurve(affine: usize): bool {
  square(T, affine);
  subtract(T, T, curve + MINUS_A);
  multiply(T, T, affine);
  square(T1, affine + E);
  subtract(T1, T1, curve + B);
  difference(T, T, T1);
  return isZero(T);
}

/** out = a + b; false where it is infinity. All affine, a and b of the curve; only where the curve's a is 0. */
export function sum(out: usize, a: usize, b: usize): bool {
  difference(T, b, a);
  difference(T1, b + E, a + E);
  if (isZero(T)) {
    if (!isZero(T1)) return false;
    square(T1, a);
    add(T, T1, T1);
    add(T1, T, T1);
    carry(T1);
    add(T, a + E, a + E);
    carry(T);
  }
  invertField(T, T);
  multiply(T, T, T1); // the slope
  square(T2, T);
  subtract(T2, T2, a);
  difference(T2, T2, b);
  subtract(T3, a, T2);
  copy(out, T2);
  multiply(T3, T3, T);
  difference(out + E, T3, a + E);
  return true;
}
