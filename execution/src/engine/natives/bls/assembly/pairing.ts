// Whether a product of pairings is one: Miller loops of a chunk of pairs with common squarings, one final exponentiation.
import { use } from "./element";
import { setAffine } from "./curve";
import { FP2, fp2Add, fp2MulXi, fp2Neg, fp2Reduce, fp2Scale, fp2Sub, fp2Sub2, fp2Twice } from "./fp2";
import { FP } from "./fp";
import { FP12, fp12Conjugate, fp12CyclotomicSqr, fp12Frobenius, fp12Inverse, fp12IsOne, fp12Mul, fp12MulLine, fp12SetOne, fp12Sqr } from "./fp12";
import { MULTIPLES_OF_TWOS, ONES, PRODUCT, TWOS } from "./layout";
import { fp2Mul, fp2Sqr } from "./products";
import { give, take } from "./temporaries";

/** -x, the curve's parameter. */
const X: u64 = 0xd201000000010000;

/** f times the line (c, b x, a y) at the point of G1; a and b are overwritten. */
function line(f: usize, a: usize, b: usize, c: usize, one: usize): void {
  fp2Scale(a, a, one + FP);
  fp2Scale(b, b, one);
  fp12MulLine(f, c, b, a);
}

/**
 * r doubled, f times the tangent: homogeneous coordinates, as in https://eprint.iacr.org/2010/526, section 4, but four times each, which
 * is the same point without halves.
 */
function doubling(f: usize, r: usize, one: usize): void {
  const a = take(8 * FP2), b = a + FP2, c = b + FP2, e = c + FP2, g = e + FP2, h = g + FP2, i = h + FP2, j = i + FP2;
  const x = r, y = r + FP2, z = y + FP2;
  fp2Mul(a, x, y);
  fp2Sqr(b, y);
  fp2Sqr(c, z);
  fp2MulXi(e, c);
  fp2Twice(e, e, e);
  fp2Add(e, e, e);
  fp2Add(e, e, e);
  fp2Reduce(e, e); // 3 b' z^2, b' = 4 (1 + u)
  fp2Add(h, y, z);
  fp2Sqr(h, h);
  fp2Sub2(h, h, b, c);
  fp2Sub(i, e, b);
  fp2Sqr(j, x);
  fp2Twice(j, j, j);
  fp2Twice(g, e, e);
  fp2Sub(c, b, g);
  fp2Mul(x, a, c);
  fp2Add(x, x, x);
  fp2Add(g, b, g);
  fp2Sqr(y, g);
  fp2Sqr(e, e);
  fp2Twice(e, e, e);
  fp2Add(e, e, e);
  fp2Sub2(y, y, e, e);
  fp2Mul(z, b, h);
  fp2Add(z, z, z);
  fp2Add(z, z, z);
  fp2Neg(h, h);
  line(f, h, j, i, one);
  give(a);
}

/** r plus q, f times the line through them. */
function addition(f: usize, r: usize, q: usize, one: usize): void {
  const theta = take(8 * FP2), lambda = theta + FP2, c = lambda + FP2, d = c + FP2, e = d + FP2, g = e + FP2, h = g + FP2, j = h + FP2;
  const x = r, y = r + FP2, z = y + FP2;
  fp2Mul(theta, q + FP2, z);
  fp2Sub(theta, y, theta);
  fp2Mul(lambda, q, z);
  fp2Sub(lambda, x, lambda);
  fp2Sqr(c, theta);
  fp2Sqr(d, lambda);
  fp2Mul(e, lambda, d);
  fp2Mul(c, z, c);
  fp2Mul(g, x, d);
  fp2Add(h, e, c);
  fp2Sub2(h, h, g, g);
  fp2Mul(x, lambda, h);
  fp2Sub(g, g, h);
  fp2Mul(g, g, theta);
  fp2Mul(y, y, e);
  fp2Sub(y, g, y);
  fp2Mul(z, z, e);
  fp2Mul(j, theta, q);
  fp2Mul(c, lambda, q + FP2);
  fp2Sub(j, j, c);
  fp2Neg(theta, theta);
  line(f, lambda, theta, j, one);
  give(theta);
}

export function begin(): void {
  fp12SetOne(PRODUCT);
}

/** The product times the Miller loops of `count` pairs, all finite; of -x, so each to the power of p^6, which asks the same. */
export function miller(count: usize): void {
  use(true);
  const f = take(FP12);
  for (let i: usize = 0; i < count; i++) {
    const r = MULTIPLES_OF_TWOS + i * 3 * FP2;
    memory.copy(r, TWOS + (i << 8), 2 * FP2);
    setAffine(r);
  }
  fp12SetOne(f);
  for (let bit: i32 = 62; bit >= 0; bit--) {
    if (bit != 62) fp12Sqr(f, f);
    for (let i: usize = 0; i < count; i++) {
      const r = MULTIPLES_OF_TWOS + i * 3 * FP2;
      doubling(f, r, ONES + (i << 7));
      if ((X >> bit) & 1) addition(f, r, TWOS + (i << 8), ONES + (i << 7));
    }
  }
  fp12Mul(PRODUCT, PRODUCT, f);
  give(f);
}

/** a^x, in the cyclotomic subgroup. O is not a. */
function power(o: usize, a: usize): void {
  memory.copy(o, a, FP12);
  for (let bit: i32 = 62; bit >= 0; bit--) {
    fp12CyclotomicSqr(o);
    if ((X >> bit) & 1) fp12Mul(o, o, a);
  }
  fp12Conjugate(o, o);
}

/**
 * Whether the product is one after the final exponentiation, thrice its exponent: (p^4 - p^2 + 1) / r =
 * ((x - 1)^2 (x + p) (x^2 + p^2 - 1) + 3) / 3 (https://eprint.iacr.org/2020/875, table 2).
 */
export function isOne(): bool {
  const f = take(4 * FP12), g = f + FP12, h = g + FP12, t = h + FP12;
  fp12Conjugate(f, PRODUCT);
  fp12Inverse(t, PRODUCT);
  fp12Mul(f, f, t); // ^(p^6 - 1)
  fp12Frobenius(t, f);
  fp12Frobenius(t, t);
  fp12Mul(f, f, t); // ^(p^2 + 1)
  power(g, f);
  fp12Conjugate(t, f);
  fp12Mul(g, g, t);
  power(h, g);
  fp12Conjugate(t, g);
  fp12Mul(g, h, t); // ^(x - 1)^2
  power(h, g);
  fp12Frobenius(t, g);
  fp12Mul(g, h, t); // ^(x + p)
  power(h, g);
  power(t, h);
  fp12Frobenius(h, g);
  fp12Frobenius(h, h);
  fp12Mul(h, h, t);
  fp12Conjugate(t, g);
  fp12Mul(g, h, t); // ^(x^2 + p^2 - 1)
  memory.copy(t, f, FP12);
  fp12CyclotomicSqr(t);
  fp12Mul(g, g, t);
  fp12Mul(g, g, f);
  const is = fp12IsOne(g);
  give(f);
  return is;
}
