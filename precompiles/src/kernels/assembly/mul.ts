import * as op from "./descriptor";
import { bytes, scaled } from "./requantise";

/** As add: differences are within 255, so their products need 17 bits. */
export function mul(d: usize): void {
  const zeroA = i16x8.splat(<i16>op.zeroX(d)), zeroB = i16x8.splat(<i16>op.zeroOther(d)), zeroY = i16x8.splat(<i16>op.zeroY(d));
  const multiplier = i32x4.splat(op.multiplierA(d));
  const shift = op.shift(d), length = op.channels(d);
  const round = i32x4.splat(1 << (shift - 1));
  const lo = i8x16.splat(<i8>op.lo(d)), hi = i8x16.splat(<i8>op.hi(d));
  let a = op.x(d), b = op.other(d), y = op.y(d);
  for (let row = op.count(d); row > 0; row--) {
    for (let i = 0; i < length; i += 8) {
      const p = i16x8.sub(v128.load_ext<i8>(a + i), zeroA);
      const q = i16x8.sub(v128.load_ext<i8>(b + i), zeroB);
      const low = scaled(i32x4.extmul_low_i16x8_s(p, q), multiplier, round, shift);
      const high = scaled(i32x4.extmul_high_i16x8_s(p, q), multiplier, round, shift);
      store<i64>(y + i, bytes(low, high, zeroY, lo, hi));
    }
    a += length;
    y += length;
  }
}
