// What ../curves.ts calls. Coordinates come and go as 32 big-endian bytes each; zeros stand for infinity.
import { copy, difference, isZero, multiply, read, readInteger, select, square, write, writeInteger } from "./field";
import { invert } from "./inverse";
import {
  ACCUMULATOR, AFFINE, BETA, BN254, DIGITS, DIGITS_BYTES, E, GENERATORS, INPUT, ORDER, OUTPUT, P256, POINT, SCALARS, SECOND, T, TABLE, TABLE_TWO,
} from "./layout";
import { addDigit, oddMultiples, recode } from "./multiples";
import { double, invertField, isInfinity, isOnCurve, setInfinity, sum, toAffine } from "./points";

/** Digits of a number of 256 bits. */
const BITS: i32 = 257;
const WIDTH: i32 = 5;
const MULTIPLES: usize = 8;
/** Of the generator, made once. */
const FIXED_WIDTH: i32 = 8;
const FIXED_MULTIPLES: usize = 64;
const T8: usize = T + 8 * E;
const T9: usize = T + 9 * E;

const BAD: u32 = 0;
const FINITE: u32 = 1;
const INFINITY: u32 = 2;

function readPoint(out: usize, bytes: usize): u32 {
  let any: u64 = 0;
  for (let i: usize = 0; i < 64; i += 8) any |= load<u64>(bytes + i);
  if (any == 0) return INFINITY;
  return read(out, bytes) && read(out + E, bytes + 32) && isOnCurve(out) ? FINITE : BAD;
}

function writePoint(affine: usize): void {
  write(OUTPUT, affine);
  write(OUTPUT + 32, affine + E);
}

/** OUTPUT = the sum of the two points at INPUT; false where one is none. */
export function bn254Add(): bool {
  select(BN254, false);
  const first = readPoint(POINT, INPUT);
  const second = readPoint(SECOND, INPUT + 64);
  if (first == BAD || second == BAD) return false;
  if (first == INFINITY) memory.copy(OUTPUT, INPUT + 64, 64);
  else if (second == INFINITY) memory.copy(OUTPUT, INPUT, 64);
  else if (sum(POINT, POINT, SECOND)) writePoint(POINT);
  else memory.fill(OUTPUT, 0, 64);
  return true;
}

/**
 * OUTPUT = +-k P +- l (beta x, y), P at INPUT, k and l at SCALARS, below 2^(bits - 1) each; the signs say which is subtracted. False
 * where P is none.
 */
export function bn254Multiply(bits: i32, negativeK: bool, negativeL: bool): bool {
  select(BN254, false);
  const kind = readPoint(POINT, INPUT);
  if (kind == BAD) return false;
  memory.fill(OUTPUT, 0, 64);
  if (kind == INFINITY) return true;
  oddMultiples(TABLE, POINT, MULTIPLES);
  for (let i: usize = 0; i < MULTIPLES * AFFINE; i += AFFINE) {
    multiply(TABLE_TWO + i, TABLE + i, BETA);
    copy(TABLE_TWO + i + E, TABLE + i + E);
  }
  recode(DIGITS, SCALARS, bits, WIDTH);
  recode(DIGITS + DIGITS_BYTES, SCALARS + 32, bits, WIDTH);
  setInfinity(ACCUMULATOR);
  for (let i = bits - 1; i >= 0; i--) {
    if (!isInfinity(ACCUMULATOR)) double(ACCUMULATOR);
    addDigit(ACCUMULATOR, load<i8>(DIGITS + (i as usize)), TABLE, negativeK);
    addDigit(ACCUMULATOR, load<i8>(DIGITS + DIGITS_BYTES + (i as usize)), TABLE_TWO, negativeL);
  }
  if (isInfinity(ACCUMULATOR)) return true;
  invertField(T8, ACCUMULATOR + 2 * E);
  toAffine(POINT, ACCUMULATOR, T8);
  writePoint(POINT);
  return true;
}

/** Once, before the other functions of P-256: the generator is at INPUT. */
export function p256Begin(): void {
  select(P256, true);
  readPoint(POINT, INPUT);
  oddMultiples(GENERATORS, POINT, FIXED_MULTIPLES);
}

/** OUTPUT = 1 / s mod the order of P-256, s at SCALARS in (0, order). */
export function p256Inverse(): void {
  readInteger(POINT, SCALARS);
  invert(POINT, POINT, ORDER);
  writeInteger(OUTPUT, POINT);
}

/** Whether x of k G + l Q is one of `count` numbers below p. Q is at INPUT, k and l, then the numbers are at SCALARS. */
export function p256HasX(count: usize): bool {
  select(P256, true);
  if (readPoint(POINT, INPUT) != FINITE) return false;
  oddMultiples(TABLE, POINT, MULTIPLES);
  recode(DIGITS, SCALARS, BITS, FIXED_WIDTH);
  recode(DIGITS + DIGITS_BYTES, SCALARS + 32, BITS, WIDTH);
  setInfinity(ACCUMULATOR);
  for (let i = BITS - 1; i >= 0; i--) {
    if (!isInfinity(ACCUMULATOR)) double(ACCUMULATOR);
    addDigit(ACCUMULATOR, load<i8>(DIGITS + (i as usize)), GENERATORS, false);
    addDigit(ACCUMULATOR, load<i8>(DIGITS + DIGITS_BYTES + (i as usize)), TABLE, false);
  }
  if (isInfinity(ACCUMULATOR)) return false;
  square(T8, ACCUMULATOR + 2 * E);
  for (let i: usize = 0; i < count; i++) {
    if (!read(T9, SCALARS + 64 + 32 * i)) continue;
    multiply(T9, T9, T8);
    difference(T9, T9, ACCUMULATOR);
    if (isZero(T9)) return true;
  }
  return false;
}
