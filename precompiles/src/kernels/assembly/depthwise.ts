// DWCONV2D: each channel for itself, 8 at a time. Pixels are written in order, so that what a store writes beyond
// the channels there are is written again by the next pixel.
import * as op from "./descriptor";
import { narrow, requantise } from "./requantise";
import { firstX, firstY, lastX, lastY, look, origin } from "./window";

/** Weights int8 [taps][channels rounded up to 8]. */
export function depthwise(d: usize): void {
  const channels = op.channels(d);
  const padded = (channels + 7) & ~7;
  let y = op.y(d);
  for (let oy = 0; oy < op.outHeight(d); oy++)
    for (let ox = 0; ox < op.outWidth(d); ox++) {
      look(d, oy, ox);
      for (let c = 0; c < channels; c += 8) store<i64>(y + c, depthwise8(d, c, padded));
      y += channels;
    }
}

function depthwise8(d: usize, c: i32, padded: i32): i64 {
  const channels = op.channels(d);
  const zeroX = i16x8.splat(<i16>op.zeroX(d));
  let s0 = v128.load(op.bias(d) + (c << 2)), s1 = v128.load(op.bias(d) + (c << 2), 16);
  for (let ky = firstY; ky < lastY; ky++)
    for (let kx = firstX; kx < lastX; kx++) {
      const pixel = origin + ky * op.width(d) + kx;
      const x = i16x8.sub(v128.load_ext<i8>(op.x(d) + pixel * channels + c), zeroX);
      const w = v128.load_ext<i8>(op.weights(d) + (ky * op.kernelX(d) + kx) * padded + c);
      // At most 255 * 128: it fits int16.
      const p = i16x8.mul(x, w);
      s0 = i32x4.add(s0, i32x4.extend_low_i16x8_s(p));
      s1 = i32x4.add(s1, i32x4.extend_high_i16x8_s(p));
    }
  const multipliers = op.multipliers(d) + (c << 2);
  const shift = op.shift(d);
  const round = i32x4.splat(1 << (shift - 1));
  const zeroY = i32x4.splat(op.zeroY(d));
  const lo = i32x4.splat(op.lo(d)), hi = i32x4.splat(op.hi(d));
  return narrow(
    requantise(s0, v128.load(multipliers), shift, round, zeroY, lo, hi),
    requantise(s1, v128.load(multipliers, 16), shift, round, zeroY, lo, hi),
  );
}
