import * as op from "./descriptor";
import { bytes } from "./requantise";

/** Eight elements at a time; what a row's last store writes beyond it, the next row writes again or the slack takes. */
export function add(d: usize): void {
  const zeroA = i16x8.splat(<i16>op.zeroX(d)), zeroB = i16x8.splat(<i16>op.zeroOther(d)), zeroY = i16x8.splat(<i16>op.zeroY(d));
  const multiplierA = i16x8.splat(<i16>op.multiplierA(d)), multiplierB = i16x8.splat(<i16>op.multiplierB(d));
  const shift = op.shift(d), length = op.channels(d);
  const round = i32x4.splat(1 << (shift - 1));
  const lo = i8x16.splat(<i8>op.lo(d)), hi = i8x16.splat(<i8>op.hi(d));
  let a = op.x(d), b = op.other(d), y = op.y(d);
  for (let row = op.count(d); row > 0; row--) {
    for (let i = 0; i < length; i += 8) {
      const p = i16x8.sub(v128.load_ext<i8>(a + i), zeroA);
      const q = i16x8.sub(v128.load_ext<i8>(b + i), zeroB);
      const low = i32x4.add(i32x4.extmul_low_i16x8_s(p, multiplierA), i32x4.extmul_low_i16x8_s(q, multiplierB));
      const high = i32x4.add(i32x4.extmul_high_i16x8_s(p, multiplierA), i32x4.extmul_high_i16x8_s(q, multiplierB));
      const y0 = i32x4.shr_s(i32x4.add(low, round), shift), y1 = i32x4.shr_s(i32x4.add(high, round), shift);
      store<i64>(y + i, bytes(y0, y1, zeroY, lo, hi));
    }
    a += length;
    y += length;
  }
}
