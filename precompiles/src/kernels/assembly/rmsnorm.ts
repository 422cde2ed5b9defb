import * as op from "./descriptor";
import { isqrt } from "./isqrt";
import { bytes } from "./requantise";

/** As layernorm. */
export function rmsnorm(d: usize): void {
  const k = op.channels(d), shift = op.shift(d);
  const zeros = i16x8.splat(<i16>op.zeroX(d));
  const round = i32x4.splat(1 << (shift - 1)), zero = i16x8.splat(<i16>op.zeroY(d));
  const lo = i8x16.splat(<i8>op.lo(d)), hi = i8x16.splat(<i8>op.hi(d));
  let x = op.x(d), y = op.y(d);
  for (let row = op.count(d); row > 0; row--) {
    const root = isqrt(squaresOf(x, k, op.zeroX(d)) << op.exponent(d));
    const reciprocal = i32x4.splat(<i32>(<u32>op.multiplierA(d) / max<u32>(1, root)));
    for (let j = 0; j < k; j += 8) {
      const c = i16x8.sub(v128.load_ext<i8>(x + j), zeros);
      const y0 = i32x4.shr_s(i32x4.add(i32x4.mul(i32x4.extend_low_i16x8_s(c), reciprocal), round), shift);
      const y1 = i32x4.shr_s(i32x4.add(i32x4.mul(i32x4.extend_high_i16x8_s(c), reciprocal), round), shift);
      store<i64>(y + j, bytes(y0, y1, zero, lo, hi));
    }
    x += k;
    y += k;
  }
}

function squaresOf(x: usize, k: i32, zero: i32): u32 {
  const zeros = i16x8.splat(<i16>zero);
  let sums = i32x4.splat(0);
  let j = 0;
  for (; j <= k - 8; j += 8) {
    const c = i16x8.sub(v128.load_ext<i8>(x + j), zeros);
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(c, c));
  }
  let sum = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  for (; j < k; j++) {
    const c = <i32>load<i8>(x + j) - zero;
    sum += c * c;
  }
  return sum;
}
