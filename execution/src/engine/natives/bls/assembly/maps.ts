// Maps from a field to the subgroups (RFC 9380, 6.6.3, 8.8): simplified SWU on an isogenous curve, the isogeny, the cofactor. Roots
// take what is a square from the exponentiation that they need in any case.
import * as k from "./constants";
import { addPoints, double, negate, timesX } from "./curve";
import { add, copy, E, inverse, isZero, mul, neg, sqr, use } from "./element";
import { psiJacobian } from "./endomorphisms";
import { FP, fpAdd, fpEqual, fpIsZero, fpNeg, fpPower, fpSgn0, fpSub } from "./fp";
import { FP2, fp2Norm, fp2Sgn0 } from "./fp2";
import { BYTES, TOTAL } from "./layout";
import { readElement } from "./points";
import { fp2Mul, fpMul, fpSqr } from "./products";
import { give, take } from "./temporaries";

/** o = a^((p + 1) / 4), a root of a or of -a; whether of a. */
function root(o: usize, a: usize): bool {
  const t = take(2 * FP), s = t + FP;
  fpPower(t, a);
  fpMul(s, t, a);
  fpSqr(t, s);
  const square = fpEqual(t, a);
  memory.copy(o, s, FP);
  give(t);
  return square;
}

/** y, a root of g(x) or, x becoming z u^2 x, of g of that, which is (z u^2)^3 g(x). */
function rootOfOne(y: usize, x: usize, g: usize, u: usize, zu: usize): void {
  if (root(y, g)) return;
  fpMul(x, x, zu);
  fpMul(y, y, k.ROOT_OF_MINUS_Z3);
  fpMul(y, y, u);
  fpMul(y, y, u);
  fpMul(y, y, u);
}

/** As rootOfOne. An element is a square when its norm is, and then has the root of that in its own (complex method). */
function rootOfTwo(y: usize, x: usize, g: usize, u: usize, zu: usize): void {
  const n = take(3 * FP), s = n + FP, t = s + FP;
  fp2Norm(n, g);
  if (!root(s, n)) {
    // s^2 = -norm(g); norm((z u^2)^3 g) = -norm(z)^3 norm(u)^6 (-norm(g))
    fp2Norm(n, u);
    fpMul(s, s, k.ROOT_OF_MINUS_NORM_Z3);
    fpMul(s, s, n);
    fpMul(s, s, n);
    fpMul(s, s, n);
    fp2Mul(x, x, zu);
    fp2Mul(g, g, zu);
    fp2Mul(g, g, zu);
    fp2Mul(g, g, zu);
  }
  const a = n;
  fpAdd(a, g, s);
  if (fpIsZero(a)) fpSub(a, g, s);
  fpMul(a, a, k.HALF);
  fpPower(t, a);
  fpMul(y, a, t);
  fpSqr(s, y);
  fpMul(y + FP, g + FP, t);
  fpMul(y + FP, y + FP, k.HALF);
  if (!fpEqual(s, a)) {
    // y^2 = -a and 1 / y = -t: the parts change places
    memory.copy(t, y, FP);
    fpNeg(y, y + FP);
    memory.copy(y + FP, t, FP);
  }
  give(n);
}

/** o = the polynomial of a degree at x; coefficients from the uppermost on. */
function evaluate(o: usize, coefficients: usize, degree: usize, x: usize): void {
  copy(o, coefficients);
  for (let i: usize = 1; i <= degree; i++) {
    mul(o, o, x);
    add(o, o, coefficients + i * E);
  }
}

/** o = (xn / xd, y yn / yd): at infinity where a denominator is 0. */
function isogeny(o: usize, x: usize, y: usize, second: bool): void {
  const xn = take(4 * E), xd = xn + E, yn = xd + E, yd = yn + E;
  evaluate(xn, second ? k.TWO_X_NUMERATOR : k.ONE_X_NUMERATOR, second ? 3 : 11, x);
  evaluate(xd, second ? k.TWO_X_DENOMINATOR : k.ONE_X_DENOMINATOR, second ? 2 : 10, x);
  evaluate(yn, second ? k.TWO_Y_NUMERATOR : k.ONE_Y_NUMERATOR, second ? 3 : 15, x);
  evaluate(yd, second ? k.TWO_Y_DENOMINATOR : k.ONE_Y_DENOMINATOR, second ? 3 : 15, x);
  const z = o + 2 * E;
  mul(z, xd, yd);
  mul(o, xn, yd);
  mul(o, o, z);
  mul(o + E, y, yn);
  mul(o + E, o + E, xd);
  mul(o + E, o + E, z);
  mul(o + E, o + E, z);
  give(xn);
}

/** The element at BYTES to TOTAL. False where it is not k. */
export function map(second: bool): bool {
  use(second);
  const u = take(9 * E), zu = u + E, x = zu + E, y = x + E, g = y + E, t = g + E, p = t + E;
  for (let at: usize = 0; at < E; at += FP)
    if (!readElement(u + at, BYTES + at)) {
      give(u);
      return false;
    }
  sqr(zu, u);
  mul(zu, zu, second ? k.TWO_Z : k.ONE_Z);
  sqr(t, zu);
  add(t, t, zu);
  if (isZero(t)) copy(x, second ? k.TWO_EXCEPTION : k.ONE_EXCEPTION);
  else {
    inverse(t, t);
    mul(x, t, second ? k.TWO_MINUS_B_OVER_A : k.ONE_MINUS_B_OVER_A);
    add(x, x, second ? k.TWO_MINUS_B_OVER_A : k.ONE_MINUS_B_OVER_A);
  }
  sqr(g, x);
  add(g, g, second ? k.TWO_A : k.ONE_A);
  mul(g, g, x);
  add(g, g, second ? k.TWO_B : k.ONE_B);
  if (second) rootOfTwo(y, x, g, u, zu);
  else rootOfOne(y, x, g, u, zu);
  if (second ? fp2Sgn0(u) != fp2Sgn0(y) : fpSgn0(u) != fpSgn0(y)) neg(y, y);
  isogeny(p, x, y, second);
  if (second) clearTwo(TOTAL, p);
  else {
    timesX(TOTAL, p);
    addPoints(TOTAL, TOTAL, p);
  }
  give(u);
  return true;
}

/** RFC 9380, G.3 (Budroni and Pintore, https://eprint.iacr.org/2017/419): [x^2 - x - 1]p + [x - 1]psi(p) + psi^2([2]p), x < 0. */
function clearTwo(o: usize, p: usize): void {
  const a = take(9 * FP2), b = a + 3 * FP2, c = b + 3 * FP2;
  timesX(a, p);
  negate(a, a); // [x]p
  psiJacobian(b, p);
  double(o, p);
  psiJacobian(o, o);
  psiJacobian(o, o);
  negate(c, b);
  addPoints(o, o, c);
  addPoints(b, b, a);
  timesX(c, b);
  negate(c, c);
  addPoints(o, o, c);
  negate(a, a);
  addPoints(o, o, a);
  negate(c, p);
  addPoints(o, o, c);
  give(a);
}
