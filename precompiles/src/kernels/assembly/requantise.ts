// Accumulators to int8, as operators/shared/requantise.ts: four at a time up to the shift, then eight. Saturation keeps order, so
// zero point and clamp may come after it.

/** acc * multiplier / 2^16, rounded and shifted. */
@inline
export function scaled(acc: v128, multiplier: v128, round: v128, shift: i32): v128 {
  const high = i32x4.mul(i32x4.shr_s(acc, 16), multiplier);
  const low = i32x4.shr_u(i32x4.mul(v128.and(acc, i32x4.splat(0xffff)), multiplier), 16);
  return i32x4.shr_s(i32x4.add(i32x4.add(high, low), round), shift);
}

/** Eight int32 to int16, with the zero point. */
@inline
export function words(a: v128, b: v128, zero: v128): v128 {
  return i16x8.add_sat_s(i16x8.narrow_i32x4_s(a, b), zero);
}

/** Eight int32 to bytes. */
@inline
export function bytes(a: v128, b: v128, zero: v128, lo: v128, hi: v128): i64 {
  const w = words(a, b, zero);
  return i64x2.extract_lane(i8x16.min_s(i8x16.max_s(i8x16.narrow_i16x8_s(w, w), lo), hi), 0);
}
