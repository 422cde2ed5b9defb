// Rows of a, in chunks, times blocks of 8 columns of b: both are made int16 differences from their zero points first.
// Bias and multipliers lie in scratch behind the rows and the block (matmul/plan.ts).
import * as op from "./descriptor";
import { patches } from "./patches";
import { tiles } from "./tile";

export function matmul(d: usize): void {
  const m = op.outHeight(d), k = op.channels(d), n = op.outChannels(d);
  const chunk = op.chunkRows(d);
  const block = op.scratch(d) + ((<usize>chunk * op.paddedK(d)) << 1);
  const multipliers = block + (<usize>op.paddedK(d) << 4);
  const bias = multipliers + 32;
  v128.store(multipliers, i32x4.splat(op.multiplierA(d)));
  v128.store(multipliers, i32x4.splat(op.multiplierA(d)), 16);
  v128.store(bias, i32x4.splat(0));
  v128.store(bias, i32x4.splat(0), 16);
  let a = op.x(d), b = op.other(d), y = op.y(d);
  for (let batch = op.batch(d); batch > 0; batch--) {
    for (let from = 0; from < m; from += chunk) {
      const rows = min<i32>(chunk, m - from);
      patches(d, a, from, rows);
      for (let column = 0; column < n; column += 8) {
        if (op.transposed(d)) packRows(block, b + column * k, k, op.zeroOther(d));
        else packColumns(block, b + column, k, n, op.zeroOther(d));
        // All columns have one multiplier.
        tiles(d, true, rows, block, column, bias - (column << 2), multipliers - (column << 2), y + from * n);
      }
    }
    a += m * k;
    b += k * n;
    y += m * n;
  }
}

/** 8 columns of rows n bytes apart. What is beyond k or n meets zeros, or is not stored. */
function packColumns(to: usize, b: usize, k: i32, n: i32, zero: i32): void {
  const zeros = i16x8.splat(<i16>zero);
  for (let i = 0; i < k; i += 2) {
    const even = v128.load64_zero(b), odd = v128.load64_zero(b + (i + 1 < k ? n : 0));
    store16(to, i8x16.shuffle(even, odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), zeros);
    b += n << 1;
    to += 32;
  }
}

/** 8 rows of k bytes, four pairs of each at a time. */
function packRows(to: usize, b: usize, k: i32, zero: i32): void {
  const zeros = i16x8.splat(<i16>zero);
  for (let i = 0; i < k; i += 8) {
    const at = b + i;
    const r01 = pairs(at, k), r23 = pairs(at + 2 * k, k), r45 = pairs(at + 4 * k, k), r67 = pairs(at + 6 * k, k);
    const low0 = i8x16.shuffle(r01, r23, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const low1 = i8x16.shuffle(r45, r67, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const high0 = i8x16.shuffle(r01, r23, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    const high1 = i8x16.shuffle(r45, r67, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    store16(to, i8x16.shuffle(low0, low1, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), zeros);
    store16(to + 32, i8x16.shuffle(low0, low1, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), zeros);
    store16(to + 64, i8x16.shuffle(high0, high1, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), zeros);
    store16(to + 96, i8x16.shuffle(high0, high1, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), zeros);
    to += 128;
  }
}

/** Four pairs of one row and of the next, taken in turns. */
@inline
function pairs(at: usize, k: i32): v128 {
  return i8x16.shuffle(v128.load64_zero(at), v128.load64_zero(at + k), 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
}

@inline
function store16(to: usize, bytes: v128, zeros: v128): void {
  v128.store(to, i16x8.sub(i16x8.extend_low_i8x16_s(bytes), zeros));
  v128.store(to, i16x8.sub(i16x8.extend_high_i8x16_s(bytes), zeros), 16);
}
