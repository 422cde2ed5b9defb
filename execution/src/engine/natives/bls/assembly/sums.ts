// Sums of multiples of points of the subgroup: Straus' method, with scalars in parts by an endomorphism, odd multiples up to 15 and
// signed digits that are odd or zero. A point more costs additions only.
import { addAffine, addPoints, copyPoint, double, negate, setAffine, setInfinity } from "./curve";
import { E, neg, use } from "./element";
import { phi, psi } from "./endomorphisms";
import { ONES, RECODED, RECODED_BYTES, SCALARS, TABLES, TOTAL, TWOS } from "./layout";
import { give, take } from "./temporaries";

const ENTRIES: usize = 8;

export function clear(second: bool): void {
  use(second);
  setInfinity(TOTAL);
}

/** TOTAL plus the point of a slot. */
export function accumulate(second: bool, slot: usize): void {
  use(second);
  addAffine(TOTAL, TOTAL, second ? TWOS + (slot << 8) : ONES + (slot << 7));
}

/** NAF of width 5: of any five digits in a row at most one is not zero, and that is odd, from -15 to 15. */
function recode(o: usize, scalar: usize, bytes: usize): void {
  memory.fill(o, 0, RECODED_BYTES);
  let low = load<u64>(scalar), high: u64 = bytes == 16 ? load<u64>(scalar, 8) : 0;
  for (let i: usize = 0; low | high; ) {
    if (low & 1) {
      const digit = ((<i32>low & 31) ^ 16) - 16;
      store<i8>(o + i, <i8>digit);
      low -= <u64>(<i64>digit);
      if (digit < 0 && low < <u64>(<i64>-digit)) high++; // a part of 128 bits is below x^2 < 2^128 - 2^64
    }
    low = (low >> 1) | (high << 63);
    high >>= 1;
    i++;
  }
}

function tables(second: bool, count: usize): void {
  const parts: usize = second ? 4 : 2, table = ENTRIES * 3 * E;
  const twice = take(3 * E);
  for (let slot: usize = 0; slot < count; slot++) {
    const first = TABLES + slot * parts * table;
    memory.copy(first, second ? TWOS + (slot << 8) : ONES + (slot << 7), 2 * E);
    setAffine(first);
    double(twice, first);
    for (let i: usize = 1; i < ENTRIES; i++) addPoints(first + i * 3 * E, first + (i - 1) * 3 * E, twice);
    for (let at = first; at < first + (parts - 1) * table; at += 3 * E) {
      if (second) psi(at + table, at);
      else phi(at + table, at);
      neg(at + table + E, at + table + E); // both endomorphisms multiply by what is negative
    }
  }
  give(twice);
}

/** TOTAL plus the sum of `count` pairs, none at infinity. */
export function sum(second: bool, count: usize): void {
  use(second);
  const parts: usize = second ? 4 : 2, bytes: usize = 32 / parts;
  for (let i: usize = 0; i < count * parts; i++) recode(RECODED + i * RECODED_BYTES, SCALARS + i * bytes, bytes);
  tables(second, count);
  const total = take(6 * E), negated = total + 3 * E;
  setInfinity(total);
  for (let i: isize = <isize>(bytes << 3); i >= 0; i--) {
    double(total, total);
    for (let part: usize = 0; part < count * parts; part++) {
      const digit = <i32>load<i8>(RECODED + part * RECODED_BYTES + i);
      if (digit == 0) continue;
      const entry = TABLES + (part * ENTRIES + (abs(digit) >> 1)) * 3 * E;
      if (digit > 0) addPoints(total, total, entry);
      else {
        negate(negated, entry);
        addPoints(total, total, negated);
      }
    }
  }
  addPoints(TOTAL, TOTAL, total);
  give(total);
}
