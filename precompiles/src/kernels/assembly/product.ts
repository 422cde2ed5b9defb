// CONV2D and DENSE (a 1 x 1 convolution over rows): patches times weights, requantised, 4 rows x 8 columns at a time.
// Weights are int16, packed by blocks of 8 columns; in a block, for each pair of the inner dimension, 8 columns x 2 values:
// i32x4.dot_i16x8_s then adds two products to each of four columns. A product of x - zero point (within 255) and a weight
// (within 128) is below 2^15, so a pair never overflows; accumulators wrap mod 2^32 as the rule says.
import * as op from "./descriptor";
import { patches } from "./patches";
import { narrow, requantise } from "./requantise";

export function product(d: usize): void {
  const pixels = op.outHeight(d) * op.outWidth(d);
  const n = op.outChannels(d);
  const chunk = op.chunkRows(d);
  const block = <usize>op.paddedK(d) << 4;
  for (let from = 0; from < pixels; from += chunk) {
    const rows = min<i32>(chunk, pixels - from);
    patches(d, from, rows);
    const y = op.y(d) + from * (op.multipliers(d) == 0 ? n << 2 : n);
    let weights = op.weights(d);
    for (let column = 0; column < n; column += 8) {
      for (let row = 0; row < rows; row += 4) tile(d, row, rows, weights, column, y);
      weights += block;
    }
  }
}

function tile(d: usize, row: i32, rows: i32, w: usize, column: i32, y: usize): void {
  const k = op.paddedK(d);
  const stride = <usize>k << 1;
  let a0 = op.scratch(d) + row * stride;
  let a1 = a0 + stride;
  let a2 = a1 + stride;
  let a3 = a2 + stride;
  const bias = op.bias(d) + (column << 2);
  let s00 = v128.load(bias), s01 = v128.load(bias, 16);
  let s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
  const end = a0 + stride;
  while (a0 < end) {
    const w0 = v128.load(w), w1 = v128.load(w, 16);
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
    w += 32;
  }
  const n = op.outChannels(d);
  const columns = n - column;
  if (op.multipliers(d) == 0) {
    const out = y + ((row * n + column) << 2);
    sums(out, s00, s01, columns);
    if (row + 1 < rows) sums(out + (n << 2), s10, s11, columns);
    if (row + 2 < rows) sums(out + (n << 3), s20, s21, columns);
    if (row + 3 < rows) sums(out + 12 * n, s30, s31, columns);
    return;
  }
  const multipliers = op.multipliers(d) + (column << 2);
  const m0 = v128.load(multipliers), m1 = v128.load(multipliers, 16);
  const shift = op.shift(d);
  const round = i32x4.splat(1 << (shift - 1));
  const zero = i32x4.splat(op.zeroY(d));
  const lo = i32x4.splat(op.lo(d)), hi = i32x4.splat(op.hi(d));
  const out = y + row * n + column;
  put(out, narrow(requantise(s00, m0, shift, round, zero, lo, hi), requantise(s01, m1, shift, round, zero, lo, hi)), columns);
  if (row + 1 >= rows) return;
  put(out + n, narrow(requantise(s10, m0, shift, round, zero, lo, hi), requantise(s11, m1, shift, round, zero, lo, hi)), columns);
  if (row + 2 >= rows) return;
  put(out + 2 * n, narrow(requantise(s20, m0, shift, round, zero, lo, hi), requantise(s21, m1, shift, round, zero, lo, hi)), columns);
  if (row + 3 >= rows) return;
  put(out + 3 * n, narrow(requantise(s30, m0, shift, round, zero, lo, hi), requantise(s31, m1, shift, round, zero, lo, hi)), columns);
}

/** Of a product without multipliers. */
function sums(to: usize, low: v128, high: v128, columns: i32): void {
  if (columns >= 8) {
    v128.store(to, low);
    v128.store(to, high, 16);
  } else
    for (let i = 0; i < columns; i++) {
      const lane = i & 3;
      const half = i < 4 ? low : high;
      store<i32>(to + (i << 2), lane == 0 ? i32x4.extract_lane(half, 0) : lane == 1 ? i32x4.extract_lane(half, 1) : lane == 2 ? i32x4.extract_lane(half, 2) : i32x4.extract_lane(half, 3));
    }
}

/** Not more than the columns there are: the next row's first columns are already written. */
@inline
function put(to: usize, bytes: i64, columns: i32): void {
  if (columns >= 8) store<i64>(to, bytes);
  else for (let i = 0; i < columns; i++) store<u8>(to + i, <u8>(bytes >> (i << 3)));
}
