// y^2 = x^3 + b over the field in use: Jacobian coordinates, three elements a point, Z = 0 (all its digits) at infinity. Formulas:
// hyperelliptic.org/EFD, g1p/auto-shortw-jacobian-0. No point of these curves has y = 0: their orders are odd.
import { ONE, ZERO } from "./constants";
import { add, copy, E, equal, inverse, isZero, isZeroProduct, mul, neg, reduce, sqr, sub, sub2, twice, two } from "./element";
import { FP } from "./fp";
import { give, take } from "./temporaries";

@inline export function infinite(p: usize): bool {
  return isZeroProduct(p + 2 * E);
}

export function setInfinity(o: usize): void {
  memory.fill(o, 0, 3 * E);
}

export function copyPoint(o: usize, p: usize): void {
  memory.copy(o, p, 3 * E);
}

/** Z = 1, for a point whose x and y are there. */
export function setAffine(o: usize): void {
  memory.copy(o + 2 * E, ONE, FP);
  if (two) memory.copy(o + 2 * E + FP, ZERO, FP);
}

export function negate(o: usize, p: usize): void {
  copy(o, p);
  neg(o + E, p + E);
  copy(o + 2 * E, p + 2 * E);
}

/** dbl-2009-l, with Z3 = 2 Y Z. */
export function double(o: usize, p: usize): void {
  const a = take(5 * E), b = a + E, c = b + E, d = c + E, f = d + E;
  sqr(a, p);
  sqr(b, p + E);
  sqr(c, b);
  add(d, p, b);
  sqr(d, d);
  sub2(d, d, a, c);
  add(d, d, d);
  twice(a, a, a); // 3 X^2
  mul(o + 2 * E, p + E, p + 2 * E);
  add(o + 2 * E, o + 2 * E, o + 2 * E);
  sqr(f, a);
  sub2(o, f, d, d);
  sub(d, d, o);
  mul(d, a, d);
  add(c, c, c);
  add(c, c, c);
  add(c, c, c);
  sub(o + E, d, c);
  give(a);
}

/** add-2007-bl, with Z3 = 2 Z1 Z2 H; of any two points. */
export function addPoints(o: usize, p: usize, q: usize): void {
  if (infinite(p)) return copyPoint(o, q);
  if (infinite(q)) return copyPoint(o, p);
  const zp = take(7 * E), zq = zp + E, u = zq + E, h = u + E, s = h + E, r = s + E, z = r + E;
  sqr(zp, p + 2 * E);
  sqr(zq, q + 2 * E);
  mul(z, p + 2 * E, q + 2 * E);
  mul(u, p, zq);
  mul(h, q, zp);
  mul(s, q + 2 * E, zq);
  mul(s, s, p + E);
  mul(r, p + 2 * E, zp);
  mul(r, r, q + E);
  finish(o, p, u, h, s, r, z, zq, zp);
  give(zp);
}

/** madd-2007-bl, but for factors of two: q has x and y alone. */
export function addAffine(o: usize, p: usize, q: usize): void {
  if (infinite(p)) {
    memory.copy(o, q, 2 * E);
    return setAffine(o);
  }
  const zp = take(7 * E), u = zp + E, h = u + E, s = h + E, r = s + E, z = r + E, t = z + E;
  sqr(zp, p + 2 * E);
  copy(u, p);
  copy(s, p + E);
  copy(z, p + 2 * E);
  mul(h, q, zp);
  mul(r, p + 2 * E, zp);
  mul(r, r, q + E);
  finish(o, p, u, h, s, r, z, zp, t);
  give(zp);
}

/** From U1, U2, S1, S2 and Z1 Z2; i and j are free. */
function finish(o: usize, p: usize, u: usize, h: usize, s: usize, r: usize, z: usize, i: usize, j: usize): void {
  sub(h, h, u);
  reduce(h, h); // what is 0 must be so before it is squared: u may be 9 p, and the square of 18 p comes to p
  sub(r, r, s);
  add(i, h, h);
  sqr(i, i);
  if (isZeroProduct(i)) {
    if (isZero(r)) double(o, p);
    else setInfinity(o);
    return;
  }
  add(r, r, r);
  mul(j, h, i);
  mul(u, u, i);
  mul(z, z, h);
  add(o + 2 * E, z, z);
  sqr(i, r);
  sub(i, i, j);
  sub2(o, i, u, u);
  sub(u, u, o);
  mul(u, u, r);
  mul(s, s, j);
  add(s, s, s);
  sub(o + E, u, s);
}

/** Z = 1 unless it is 0. */
export function normalize(o: usize, p: usize): void {
  if (infinite(p)) return setInfinity(o);
  const i = take(2 * E), s = i + E;
  inverse(i, p + 2 * E);
  sqr(s, i);
  mul(o, p, s);
  mul(i, i, s);
  mul(o + E, p + E, i);
  setAffine(o);
  give(i);
}

/** [|x|]p, x = -0xd201000000010000 the parameter of the curve. O is not p. */
export function timesX(o: usize, p: usize): void {
  copyPoint(o, p);
  for (let i: i32 = 62; i >= 0; i--) {
    double(o, o);
    if ((0xd201000000010000 >> i) & 1) addPoints(o, o, p);
  }
}

/** Whether y^2 = x^3 + b. */
export function onCurve(p: usize, b: usize): bool {
  const t = take(2 * E), s = t + E;
  sqr(t, p);
  mul(t, t, p);
  add(t, t, b);
  sqr(s, p + E);
  const on = equal(s, t);
  give(t);
  return on;
}
