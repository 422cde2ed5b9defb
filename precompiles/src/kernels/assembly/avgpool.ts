// AVGPOOL: 8 channels at a time, and no more written than there are.
import * as op from "./descriptor";
import { firstX, firstY, lastX, lastY, look, origin } from "./window";

export function avgpool(d: usize): void {
  const channels = op.channels(d);
  let y = op.y(d);
  let n = 0;
  let reciprocal: i64 = 0;
  for (let oy = 0; oy < op.outHeight(d); oy++)
    for (let ox = 0; ox < op.outWidth(d); ox++) {
      look(d, oy, ox);
      const taps = (lastY - firstY) * (lastX - firstX);
      if (taps != n) {
        n = taps;
        reciprocal = (<i64>1 << 44) / n + 1;
      }
      for (let c = 0; c < channels; c += 8) average8(d, c, n, reciprocal, y + c);
      y += channels;
    }
}

/**
 * floor((S + n / 2) / n) without a division: a = S + n / 2 + 128 n lies in [0, 257 n), and a * (floor(2^44 / n) + 1) >> 44 is
 * floor(a / n), since the error a / 2^44 stays below 1 / n while a * n < 257 * 2^32 < 2^44.
 */
function average8(d: usize, c: i32, n: i32, reciprocal: i64, y: usize): void {
  const scratch = op.scratch(d);
  const offset = i32x4.splat((n >> 1) + (n << 7));
  let s0 = offset, s1 = offset;
  for (let ky = firstY; ky < lastY; ky++)
    for (let kx = firstX; kx < lastX; kx++) {
      const x = v128.load_ext<i8>(op.x(d) + (origin + ky * op.width(d) + kx) * op.channels(d) + c);
      s0 = i32x4.add(s0, i32x4.extend_low_i16x8_s(x));
      s1 = i32x4.add(s1, i32x4.extend_high_i16x8_s(x));
    }
  v128.store(scratch, s0);
  v128.store(scratch, s1, 16);
  const lanes = <usize>min<i32>(8, op.channels(d) - c);
  for (let i: usize = 0; i < lanes; i++) store<i8>(y + i, <i8>(((<i64>load<i32>(scratch + (i << 2)) * reciprocal) >> 44) - 128));
}
