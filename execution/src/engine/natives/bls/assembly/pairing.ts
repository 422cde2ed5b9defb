// Whether a product of pairings is one: Miller loops of a chunk of pairs with common squarings, one final exponentiation.
import { use } from "./element";
import { setAffine } from "./curve";
import { FP2, fp2Add, fp2Neg, fp2Scale, fp2Sub } from "./fp2";
import { FP } from "./fp";
import { FP12, fp12Conjugate, fp12CyclotomicSqr, fp12Frobenius, fp12Inverse, fp12IsOne, fp12Mul, fp12MulLine, fp12SetOne, fp12Sqr } from "./fp12";
import { MULTIPLES_OF_TWOS, ONES, PRODUCT, TWOS } from "./layout";
import { fp2Mul, fp2Sqr } from "./products";
import { give, take } from "./temporaries";

/** -x, the curve's parameter. */
const X: u64 = 0xd201000000010000;

/** f times the line, (a, b, c) at the point of G1. */
function line(f: usize, a: usize, b: usize, c: usize, one: usize): void {
  fp2Scale(a, a, one + FP);
  fp2Scale(b, b, one);
  fp12MulLine(f, c, b, a);
}

/** r doubled, f times the tangent (https://eprint.iacr.org/2010/354, algorithm 26). */
function doubling(f: usize, r: usize, one: usize): void {
  const t0 = take(8 * FP2), t1 = t0 + FP2, t2 = t1 + FP2, t3 = t2 + FP2, t4 = t3 + FP2, t5 = t4 + FP2, t6 = t5 + FP2, zz = t6 + FP2;
  const x = r, y = r + FP2, z = y + FP2;
  fp2Sqr(t0, x);
  fp2Sqr(t1, y);
  fp2Sqr(t2, t1);
  fp2Add(t3, t1, x);
  fp2Sqr(t3, t3);
  fp2Sub(t3, t3, t0);
  fp2Sub(t3, t3, t2);
  fp2Add(t3, t3, t3);
  fp2Add(t4, t0, t0);
  fp2Add(t4, t4, t0);
  fp2Add(t6, x, t4);
  fp2Sqr(t5, t4);
  fp2Sqr(zz, z);
  fp2Sub(x, t5, t3);
  fp2Sub(x, x, t3);
  fp2Add(z, z, y);
  fp2Sqr(z, z);
  fp2Sub(z, z, t1);
  fp2Sub(z, z, zz);
  fp2Sub(y, t3, x);
  fp2Mul(y, y, t4);
  fp2Add(t2, t2, t2);
  fp2Add(t2, t2, t2);
  fp2Add(t2, t2, t2);
  fp2Sub(y, y, t2);
  fp2Mul(t3, t4, zz);
  fp2Add(t3, t3, t3);
  fp2Neg(t3, t3);
  fp2Sqr(t6, t6);
  fp2Sub(t6, t6, t0);
  fp2Sub(t6, t6, t5);
  fp2Add(t1, t1, t1);
  fp2Add(t1, t1, t1);
  fp2Sub(t6, t6, t1);
  fp2Mul(t0, z, zz);
  fp2Add(t0, t0, t0);
  line(f, t0, t3, t6, one);
  give(t0);
}

/** r plus q, f times the line through them (algorithm 27). */
function addition(f: usize, r: usize, q: usize, one: usize): void {
  const zz = take(11 * FP2), yy = zz + FP2, t0 = yy + FP2, t1 = t0 + FP2, t2 = t1 + FP2, t3 = t2 + FP2;
  const t5 = t3 + FP2, t6 = t5 + FP2, t7 = t6 + FP2, t9 = t7 + FP2, t10 = t9 + FP2;
  const x = r, y = r + FP2, z = y + FP2, qy = q + FP2;
  fp2Sqr(zz, z);
  fp2Sqr(yy, qy);
  fp2Mul(t0, zz, q);
  fp2Add(t1, qy, z);
  fp2Sqr(t1, t1);
  fp2Sub(t1, t1, yy);
  fp2Sub(t1, t1, zz);
  fp2Mul(t1, t1, zz);
  fp2Sub(t2, t0, x);
  fp2Sqr(t3, t2);
  fp2Add(t7, t3, t3);
  fp2Add(t7, t7, t7);
  fp2Mul(t5, t7, t2);
  fp2Sub(t6, t1, y);
  fp2Sub(t6, t6, y);
  fp2Mul(t9, t6, q);
  fp2Mul(t7, t7, x);
  fp2Sqr(x, t6);
  fp2Sub(x, x, t5);
  fp2Sub(x, x, t7);
  fp2Sub(x, x, t7);
  fp2Add(z, z, t2);
  fp2Sqr(z, z);
  fp2Sub(z, z, zz);
  fp2Sub(z, z, t3);
  fp2Add(t10, qy, z);
  fp2Sub(t2, t7, x);
  fp2Mul(t2, t2, t6);
  fp2Mul(t0, y, t5);
  fp2Add(t0, t0, t0);
  fp2Sub(y, t2, t0);
  fp2Sqr(t10, t10);
  fp2Sub(t10, t10, yy);
  fp2Sqr(t0, z);
  fp2Sub(t10, t10, t0);
  fp2Add(t9, t9, t9);
  fp2Sub(t9, t9, t10);
  fp2Add(t10, z, z);
  fp2Neg(t6, t6);
  fp2Add(t6, t6, t6);
  line(f, t10, t6, t9, one);
  give(zz);
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
