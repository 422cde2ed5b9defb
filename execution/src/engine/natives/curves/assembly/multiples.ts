// Multiples of points by signed odd digits.
import { copy, multiply, setOne, square } from "./field";
import { AFFINE, E, JACOBIAN, MULTIPLES, PRODUCTS, T, WORDS } from "./layout";
import { addAffine, double, invertField, toAffine } from "./points";

const T8: usize = T + 8 * E;
const T9: usize = T + 9 * E;
const Z: usize = 2 * E;

/** out = P, 3P, 5P, ..., affine; `count` of them, few enough that none is infinity. P is finite. */
export function oddMultiples(out: usize, affine: usize, count: usize): void {
  const twice = MULTIPLES + count * JACOBIAN;
  copy(twice, affine);
  copy(twice + E, affine + E);
  setOne(twice + Z);
  double(twice);
  // With z the Z of 2P, (x, y) -> (x z^2, y z^3) leads to a curve where 2P is affine; sums there need neither coefficient.
  square(T8, twice + Z);
  multiply(MULTIPLES, affine, T8);
  multiply(T8, T8, twice + Z);
  multiply(MULTIPLES + E, affine + E, T8);
  setOne(MULTIPLES + Z);
  for (let i: usize = 1; i < count; i++) {
    const point = MULTIPLES + i * JACOBIAN;
    for (let j: usize = 0; j < JACOBIAN; j += E) copy(point + j, point + j - JACOBIAN);
    addAffine(point, twice, false);
  }
  for (let i: usize = 0; i < count; i++) {
    const z = MULTIPLES + i * JACOBIAN + Z;
    multiply(z, z, twice + Z);
    if (i == 0) copy(PRODUCTS, z);
    else multiply(PRODUCTS + i * E, PRODUCTS + (i - 1) * E, z);
  }
  invertField(T8, PRODUCTS + (count - 1) * E); // one for all
  for (let i = count - 1; i > 0; i--) {
    const point = MULTIPLES + i * JACOBIAN;
    multiply(T9, T8, PRODUCTS + (i - 1) * E);
    multiply(T8, T8, point + Z);
    toAffine(out + i * AFFINE, point, T9);
  }
  toAffine(out, MULTIPLES, T8);
}

/**
 * The digits of a number of 32 big-endian bytes, the least first: odd ones below 2^(width - 1), with at least width - 1 zeros between.
 * `bits`: beyond its highest bit by one at least; so many digits are written.
 */
export function recode(digits: usize, bytes: usize, bits: i32, width: i32): void {
  for (let i: usize = 0; i < 32; i += 8) store<u64>(WORDS + i, bswap<u64>(load<u64>(bytes + 24 - i)));
  store<u64>(WORDS, 0, 32);
  store<u64>(WORDS, 0, 40);
  memory.fill(digits, 0, bits as usize);
  let carried: u64 = 0;
  let at: i32 = 0;
  while (at < bits) {
    const word = WORDS + (((at >> 6) as usize) << 3);
    const shift = (at & 63) as u64;
    let window = load<u64>(word) >> shift;
    if (shift != 0) window |= load<u64>(word, 8) << (64 - shift);
    if ((window & 1) == carried) {
      at++;
      continue;
    }
    window = (window & ((1 << (width as u64)) - 1)) + carried;
    carried = (window >> (width as u64 - 1)) & 1;
    store<i8>(digits + at, (window as i32) - ((carried as i32) << width));
    at += width;
  }
}

/** point += digit P, of P's odd multiples. */
export function addDigit(point: usize, digit: i32, table: usize, negative: bool): void {
  if (digit == 0) return;
  const below = digit < 0;
  addAffine(point, table + (((below ? -digit : digit) >> 1) as usize) * AFFINE, below != negative);
}
