// Exponentials of a row go to scratch as uint16; then four quotients at a time.
import * as op from "./descriptor";

export function softmax(d: usize): void {
  const k = op.channels(d), rows = op.height(d), e = op.scratch(d);
  let x = op.x(d), y = op.y(d);
  let row = 0;
  for (let left = op.count(d); left > 0; left--) {
    const length = min(k, op.first(d) + op.growth(d) * row);
    const sum = exponentials(e, x, length, op.weights(d));
    if (sum == 1) for (let j = 0; j < length; j++) store<u8>(y + j, <u8>(127 * load<u16>(e + (j << 1))));
    else quotients(y, e, length, sum);
    for (let j = length; j < k; j++) store<u8>(y + j, 0);
    x += k;
    y += k;
    if (++row == rows) row = 0;
  }
}

function exponentials(e: usize, x: usize, length: i32, table: usize): u32 {
  const largest = largestOf(x, length);
  let sum: u32 = 0;
  for (let j = 0; j < length; j++) {
    const one = <u32>load<u16>(table + ((largest - <i32>load<i8>(x + j)) << 1));
    sum += one;
    store<u16>(e + (j << 1), <u16>one);
  }
  return sum;
}

/**
 * floor(a / S) of a = 127 e + S / 2 below 2^31: a * floor(2^32 / S) >> 32 is that or one less, for the error is below a / 2^32;
 * the remainder tells. S is at least 2. Up to three bytes beyond the row are written, which the next row or the zeros write again.
 */
function quotients(y: usize, e: usize, length: i32, sum: u32): void {
  const reciprocal = i32x4.splat(<i32>((<u64>1 << 32) / sum));
  const sums = i32x4.splat(sum), half = i32x4.splat(sum >> 1), scale = i32x4.splat(127);
  for (let j = 0; j < length; j += 4) {
    const a = i32x4.add(i32x4.mul(v128.load_ext<u16>(e + (j << 1)), scale), half);
    const low = i64x2.extmul_low_i32x4_u(a, reciprocal), high = i64x2.extmul_high_i32x4_u(a, reciprocal);
    const q = i8x16.shuffle(low, high, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    const more = i32x4.ge_u(i32x4.sub(a, i32x4.mul(q, sums)), sums);
    const words = i16x8.narrow_i32x4_s(i32x4.sub(q, more), q);
    store<i32>(y + j, i32x4.extract_lane(i8x16.narrow_i16x8_s(words, words), 0));
  }
}

/** Of 1 element at least. */
export function largestOf(x: usize, length: i32): i32 {
  let largest = -128;
  let j = 0;
  if (length >= 16) {
    let best = v128.load(x);
    for (j = 16; j <= length - 16; j += 16) best = i8x16.max_s(best, v128.load(x + j));
    best = i8x16.max_s(best, i8x16.shuffle(best, best, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    best = i8x16.max_s(best, i8x16.shuffle(best, best, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3));
    best = i8x16.max_s(best, i8x16.shuffle(best, best, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1));
    largest = max(<i32>i8x16.extract_lane_s(best, 0), <i32>i8x16.extract_lane_s(best, 1));
  }
  for (; j < length; j++) largest = max(largest, <i32>load<i8>(x + j));
  return largest;
}
