import * as op from "./descriptor";
import { isqrt } from "./isqrt";
import { bytes } from "./requantise";

/** Eight elements at a time; what is beyond a row is left out of sums, and written again by the next row. */
export function layernorm(d: usize): void {
  const k = op.channels(d), shift = op.shift(d);
  const round = i32x4.splat(1 << (shift - 1)), zero = i16x8.splat(<i16>op.zeroY(d));
  const lo = i8x16.splat(<i8>op.lo(d)), hi = i8x16.splat(<i8>op.hi(d));
  const gains = op.multipliers(d), biases = op.bias(d);
  let x = op.x(d), y = op.y(d);
  for (let row = op.count(d); row > 0; row--) {
    const mean = floorDivide((sumOf(x, k) << 7) + (k >> 1), k);
    const variance = <u32>(squaresOf(x, k, mean) / k);
    const reciprocal = i32x4.splat((1 << 24) / <i32>isqrt((variance << 4) + 15));
    const means = i16x8.splat(<i16>mean);
    for (let j = 0; j < k; j += 8) {
      const c = i16x8.sub(i16x8.shl(v128.load_ext<i8>(x + j), 7), means);
      const g = gains + (j << 2), b = biases + (j << 2);
      const t0 = timesShifted4(i32x4.mul(i32x4.extend_low_i16x8_s(c), reciprocal), v128.load(g));
      const t1 = timesShifted4(i32x4.mul(i32x4.extend_high_i16x8_s(c), reciprocal), v128.load(g, 16));
      const y0 = i32x4.shr_s(i32x4.add(i32x4.add(t0, v128.load(b)), round), shift);
      const y1 = i32x4.shr_s(i32x4.add(i32x4.add(t1, v128.load(b, 16)), round), shift);
      store<i64>(y + j, bytes(y0, y1, zero, lo, hi));
    }
    x += k;
    y += k;
  }
}

function sumOf(x: usize, k: i32): i32 {
  let sums = i32x4.splat(0);
  let j = 0;
  for (; j <= k - 16; j += 16) sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(i16x8.extadd_pairwise_i8x16_s(v128.load(x + j))));
  let sum = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  for (; j < k; j++) sum += load<i8>(x + j);
  return sum;
}

/** Of 128 x - mean, within 32,640: two squares fit int32, 32,768 of them 45 bits. */
function squaresOf(x: usize, k: i32, mean: i32): u64 {
  const means = i16x8.splat(<i16>mean);
  let sums = i64x2.splat(0);
  let j = 0;
  for (; j <= k - 8; j += 8) {
    const c = i16x8.sub(i16x8.shl(v128.load_ext<i8>(x + j), 7), means);
    const squares = i32x4.dot_i16x8_s(c, c);
    sums = i64x2.add(sums, i64x2.add(i64x2.extend_low_i32x4_u(squares), i64x2.extend_high_i32x4_u(squares)));
  }
  let sum = i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1);
  for (; j < k; j++) {
    const c = (<i32>load<i8>(x + j) << 7) - mean;
    sum += c * c;
  }
  return sum;
}

/** floor(acc * multiplier / 2^16) of a multiplier in (-2^15, 2^15). */
@inline
function timesShifted4(acc: v128, multiplier: v128): v128 {
  const low = i32x4.shr_s(i32x4.mul(v128.and(acc, i32x4.splat(0xffff)), multiplier), 16);
  return i32x4.add(i32x4.mul(i32x4.shr_s(acc, 16), multiplier), low);
}

@inline
function floorDivide(a: i32, b: i32): i32 {
  const quotient = a / b;
  return a < quotient * b ? quotient - 1 : quotient;
}
