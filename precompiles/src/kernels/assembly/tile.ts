// Rows of int16 times a block of 8 columns, 4 rows at a time or one. i32x4.dot_i16x8_s adds two products to each of four
// columns. A product of x - zero point (within 255) and a weight (within 128), or another difference, is below 2^16, so a pair
// never overflows; accumulators wrap mod 2^32 as the rule says. Columns are int8 and widened on the way, or `wide`, int16.
import * as op from "./descriptor";
import { bytes, scaled } from "./requantise";

/** Logarithm of the bytes of an output. */
@inline
export function outputBytes(d: usize): i32 {
  return op.sums(d) << 1;
}

/** The rows in scratch by the columns at w; y is the first row's output. Three rows left take no longer than four. */
@inline
export function tiles(d: usize, wide: bool, rows: i32, w: usize, column: i32, bias: usize, multipliers: usize, y: usize): void {
  const stride = <usize>op.paddedK(d) << 1;
  const next = <usize>op.outChannels(d) << outputBytes(d);
  let a = op.scratch(d);
  let to = y + (<usize>column << outputBytes(d));
  let left = rows;
  for (; left > 2; left -= 4) {
    if (wide) four16(d, a, stride, w, column, bias, multipliers, to, left);
    else four8(d, a, stride, w, column, bias, multipliers, to, left);
    a += 4 * stride;
    to += 4 * next;
  }
  for (; left > 0; left--) {
    if (wide) one16(d, a, stride, w, column, bias, multipliers, to);
    else one8(d, a, stride, w, column, bias, multipliers, to);
    a += stride;
    to += next;
  }
}

function four8(d: usize, a: usize, stride: usize, w: usize, column: i32, bias: usize, multipliers: usize, to: usize, rows: i32): void {
  four(false, d, a, stride, w, column, bias, multipliers, to, rows);
}

function four16(d: usize, a: usize, stride: usize, w: usize, column: i32, bias: usize, multipliers: usize, to: usize, rows: i32): void {
  four(true, d, a, stride, w, column, bias, multipliers, to, rows);
}

function one8(d: usize, a: usize, stride: usize, w: usize, column: i32, bias: usize, multipliers: usize, to: usize): void {
  one(false, d, a, stride, w, column, bias, multipliers, to);
}

function one16(d: usize, a: usize, stride: usize, w: usize, column: i32, bias: usize, multipliers: usize, to: usize): void {
  one(true, d, a, stride, w, column, bias, multipliers, to);
}

@inline
function four(wide: bool, d: usize, a: usize, stride: usize, w: usize, column: i32, bias: usize, multipliers: usize, to: usize, rows: i32): void {
  let a0 = a;
  let a1 = a0 + stride;
  let a2 = a1 + stride;
  let a3 = a2 + stride;
  let s00 = v128.load(bias + (column << 2)), s01 = v128.load(bias + (column << 2), 16);
  let s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
  const end = a0 + stride;
  while (a0 < end) {
    const w0 = wide ? v128.load(w) : v128.load_ext<i8>(w), w1 = wide ? v128.load(w, 16) : v128.load_ext<i8>(w, 8);
    let x = v128.load_splat<u32>(a0);
    s00 = i32x4.add(s00, i32x4.dot_i16x8_s(x, w0));
    s01 = i32x4.add(s01, i32x4.dot_i16x8_s(x, w1));
    x = v128.load_splat<u32>(a1);
    s10 = i32x4.add(s10, i32x4.dot_i16x8_s(x, w0));
    s11 = i32x4.add(s11, i32x4.dot_i16x8_s(x, w1));
    x = v128.load_splat<u32>(a2);
    s20 = i32x4.add(s20, i32x4.dot_i16x8_s(x, w0));
    s21 = i32x4.add(s21, i32x4.dot_i16x8_s(x, w1));
    x = v128.load_splat<u32>(a3);
    s30 = i32x4.add(s30, i32x4.dot_i16x8_s(x, w0));
    s31 = i32x4.add(s31, i32x4.dot_i16x8_s(x, w1));
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    w += wide ? 32 : 16;
  }
  const n = op.outChannels(d);
  const columns = n - column;
  const next = <usize>n << outputBytes(d);
  if (op.sums(d)) {
    sums(to, s00, s01, columns);
    sums(to + next, s10, s11, columns);
    sums(to + 2 * next, s20, s21, columns);
    if (rows > 3) sums(to + 3 * next, s30, s31, columns);
    return;
  }
  const m0 = v128.load(multipliers + (column << 2)), m1 = v128.load(multipliers + (column << 2), 16);
  const shift = op.shift(d);
  const round = i32x4.splat(1 << (shift - 1));
  const zero = i16x8.splat(<i16>op.zeroY(d));
  const lo = i8x16.splat(<i8>op.lo(d)), hi = i8x16.splat(<i8>op.hi(d));
  put(to, columns, bytes(scaled(s00, m0, round, shift), scaled(s01, m1, round, shift), zero, lo, hi));
  put(to + next, columns, bytes(scaled(s10, m0, round, shift), scaled(s11, m1, round, shift), zero, lo, hi));
  put(to + 2 * next, columns, bytes(scaled(s20, m0, round, shift), scaled(s21, m1, round, shift), zero, lo, hi));
  if (rows > 3) put(to + 3 * next, columns, bytes(scaled(s30, m0, round, shift), scaled(s31, m1, round, shift), zero, lo, hi));
}

/** Four pairs of the inner dimension at a time, which is a multiple of 8. */
@inline
function one(wide: bool, d: usize, a: usize, stride: usize, w: usize, column: i32, bias: usize, multipliers: usize, to: usize): void {
  let s0 = v128.load(bias + (column << 2)), s1 = v128.load(bias + (column << 2), 16);
  let t0 = i32x4.splat(0), t1 = t0;
  const end = a + stride;
  while (a < end) {
    const p = v128.load_splat<u32>(a), q = v128.load_splat<u32>(a, 4), r = v128.load_splat<u32>(a, 8), s = v128.load_splat<u32>(a, 12);
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(p, wide ? v128.load(w) : v128.load_ext<i8>(w)));
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(p, wide ? v128.load(w, 16) : v128.load_ext<i8>(w, 8)));
    t0 = i32x4.add(t0, i32x4.dot_i16x8_s(q, wide ? v128.load(w, 32) : v128.load_ext<i8>(w, 16)));
    t1 = i32x4.add(t1, i32x4.dot_i16x8_s(q, wide ? v128.load(w, 48) : v128.load_ext<i8>(w, 24)));
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(r, wide ? v128.load(w, 64) : v128.load_ext<i8>(w, 32)));
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(r, wide ? v128.load(w, 80) : v128.load_ext<i8>(w, 40)));
    t0 = i32x4.add(t0, i32x4.dot_i16x8_s(s, wide ? v128.load(w, 96) : v128.load_ext<i8>(w, 48)));
    t1 = i32x4.add(t1, i32x4.dot_i16x8_s(s, wide ? v128.load(w, 112) : v128.load_ext<i8>(w, 56)));
    a += 16;
    w += wide ? 128 : 64;
  }
  s0 = i32x4.add(s0, t0);
  s1 = i32x4.add(s1, t1);
  const columns = op.outChannels(d) - column;
  if (op.sums(d)) {
    sums(to, s0, s1, columns);
    return;
  }
  const m = multipliers + (column << 2);
  const shift = op.shift(d);
  const round = i32x4.splat(1 << (shift - 1));
  const zero = i16x8.splat(<i16>op.zeroY(d));
  const lo = i8x16.splat(<i8>op.lo(d)), hi = i8x16.splat(<i8>op.hi(d));
  put(to, columns, bytes(scaled(s0, v128.load(m), round, shift), scaled(s1, v128.load(m, 16), round, shift), zero, lo, hi));
}

/** Not more than the columns there are: the next row's first columns are already written. */
@inline
function put(to: usize, columns: i32, result: i64): void {
  if (columns >= 8) store<i64>(to, result);
  else for (let i = 0; i < columns; i++) store<u8>(to + i, <u8>(result >> (i << 3)));
}

function sums(to: usize, s0: v128, s1: v128, columns: i32): void {
  if (columns >= 8) {
    v128.store(to, s0);
    v128.store(to, s1, 16);
    return;
  }
  for (let i = 0; i < columns; i++) {
    store<i32>(to + (i << 2), i32x4.extract_lane(i < 4 ? s0 : s1, 0));
    if ((i & 3) == 3) continue;
    // The next lane to the front.
    if (i < 4) s0 = i8x16.shuffle(s0, s0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3);
    else s1 = i8x16.shuffle(s1, s1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3);
  }
}
