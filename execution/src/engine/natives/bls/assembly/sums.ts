// Sums of multiples of points of the subgroup: Straus' method, with scalars in parts by an endomorphism, odd multiples up to 7 and
// signed digits that are odd or zero. A point more costs additions only.
import { addAffine, addPoints, double, setAffine, setInfinity } from "./curve";
import { copy, E, inverse, mul, neg, sqr, use } from "./element";
import { phi, psi } from "./endomorphisms";
import { ONES, RECODED, RECODED_BYTES, SCALARS, TABLES, TOTAL, TWOS } from "./layout";
import { give, take } from "./temporaries";

const ENTRIES: usize = 4;

export function clear(second: bool): void {
  use(second);
  setInfinity(TOTAL);
}

/** TOTAL plus the point of a slot. */
export function accumulate(second: bool, slot: usize): void {
  use(second);
  addAffine(TOTAL, TOTAL, second ? TWOS + (slot << 8) : ONES + (slot << 7));
}

/** NAF of width 4: of any four digits in a row at most one is not zero, and that is odd, from -7 to 7. Width 5 is slower, by 5%. */
function recode(o: usize, scalar: usize, bytes: usize): void {
  memory.fill(o, 0, RECODED_BYTES);
  let low = load<u64>(scalar), high: u64 = bytes == 16 ? load<u64>(scalar, 8) : 0;
  for (let i: usize = 0; low | high; ) {
    if (low & 1) {
      const digit = ((<i32>low & 15) ^ 8) - 8;
      store<i8>(o + i, <i8>digit);
      low -= <u64>(<i64>digit);
      if (digit < 0 && low < <u64>(<i64>-digit)) high++; // a part of 128 bits is below x^2 < 2^128 - 2^64
    }
    low = (low >> 1) | (high << 63);
    high >>= 1;
    i++;
  }
}

/** Odd multiples of each point, affine, and what the endomorphism makes of them, once and again. */
function tables(second: bool, count: usize): void {
  const parts: usize = second ? 4 : 2, points = count * ENTRIES, point = 3 * E, affine = 2 * E;
  const jacobian = TABLES + count * parts * ENTRIES * affine;
  const twice = take(point);
  for (let slot: usize = 0; slot < count; slot++) {
    const first = jacobian + slot * ENTRIES * point;
    memory.copy(first, second ? TWOS + (slot << 8) : ONES + (slot << 7), affine);
    setAffine(first);
    double(twice, first);
    for (let i: usize = 1; i < ENTRIES; i++) addPoints(first + i * point, first + (i - 1) * point, twice);
  }
  give(twice);
  normalizeAll(jacobian, points);
  for (let i: usize = 0; i < points; i++) {
    // TABLES: slot, part, entry
    let at = TABLES + ((i / ENTRIES) * parts * ENTRIES + i % ENTRIES) * affine;
    memory.copy(at, jacobian + i * point, affine);
    for (let part: usize = 1; part < parts; part++) {
      const next = at + ENTRIES * affine;
      if (second) psi(next, at);
      else phi(next, at);
      neg(next + E, next + E); // both endomorphisms multiply by what is negative
      at = next;
    }
  }
}

/** x and y of each point, none at infinity, by one inversion (Montgomery's trick). */
function normalizeAll(points: usize, count: usize): void {
  const products = take((count + 3) * E), i = products + count * E, z = i + E, t = z + E;
  copy(products, points + 2 * E);
  for (let n: usize = 1; n < count; n++) mul(products + n * E, products + (n - 1) * E, points + n * 3 * E + 2 * E);
  inverse(i, products + (count - 1) * E);
  for (let n = count - 1; ; n--) {
    const p = points + n * 3 * E;
    if (n > 0) mul(z, i, products + (n - 1) * E);
    else copy(z, i);
    mul(i, i, p + 2 * E);
    sqr(t, z);
    mul(p, p, t);
    mul(t, t, z);
    mul(p + E, p + E, t);
    if (n == 0) break;
  }
  give(products);
}

/** TOTAL plus the sum of `count` pairs, none at infinity. */
export function sum(second: bool, count: usize): void {
  use(second);
  const parts: usize = second ? 4 : 2, bytes: usize = 32 / parts;
  for (let i: usize = 0; i < count * parts; i++) recode(RECODED + i * RECODED_BYTES, SCALARS + i * bytes, bytes);
  tables(second, count);
  const total = take(5 * E), negated = total + 3 * E;
  setInfinity(total);
  for (let i: isize = <isize>(bytes << 3); i >= 0; i--) {
    double(total, total);
    for (let part: usize = 0; part < count * parts; part++) {
      const digit = <i32>load<i8>(RECODED + part * RECODED_BYTES + i);
      if (digit == 0) continue;
      const entry = TABLES + (part * ENTRIES + (abs(digit) >> 1)) * 2 * E;
      if (digit > 0) addAffine(total, total, entry);
      else {
        copy(negated, entry);
        neg(negated + E, entry + E);
        addAffine(total, total, negated);
      }
    }
  }
  addPoints(TOTAL, TOTAL, total);
  give(total);
}
