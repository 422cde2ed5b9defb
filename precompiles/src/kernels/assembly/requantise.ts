// Accumulators to int8 range, as operators/shared/requantise.ts.
import * as op from "./descriptor";

@inline
export function requantise(acc: v128, multiplier: v128, shift: i32, round: v128, zero: v128, lo: v128, hi: v128): v128 {
  const high = i32x4.mul(i32x4.shr_s(acc, 16), multiplier);
  const low = i32x4.shr_u(i32x4.mul(v128.and(acc, i32x4.splat(0xffff)), multiplier), 16);
  const t = i32x4.add(i32x4.add(high, low), round);
  return i32x4.min_s(i32x4.max_s(i32x4.add(zero, i32x4.shr_s(t, shift)), lo), hi);
}

/** Eight int32 in int8 range to eight bytes. */
@inline
export function narrow(a: v128, b: v128): i64 {
  const words = i16x8.narrow_i32x4_s(a, b);
  return i64x2.extract_lane(i8x16.narrow_i16x8_s(words, words), 0);
}

/** floor(acc * multiplier / 2^16) of a multiplier in (-2^15, 2^15). */
@inline
export function timesShifted(acc: i32, multiplier: i32): i32 {
  return (acc >> 16) * multiplier + (((acc & 0xffff) * multiplier) >> 16);
}

/** The sum rounded, shifted and clamped. */
@inline
export function scaled(d: usize, sum: i32): i32 {
  const shift = op.shift(d);
  return min(max(op.zeroY(d) + ((sum + (1 << (shift - 1))) >> shift), op.lo(d)), op.hi(d));
}
