// DWCONV2D, MAXPOOL, AVGPOOL: each channel for itself, 8 or 16 at a time. Pixels are written in order, so that what a store
// writes beyond the channels there are is written again by the next pixel.
import * as op from "./descriptor";
import { narrow, requantise } from "./requantise";

// The taps of the window at an output pixel that lie inside the image, as `look` found them.
let firstY: i32 = 0;
let lastY: i32 = 0;
let firstX: i32 = 0;
let lastX: i32 = 0;
/** Pixel of tap (0, 0), which may lie outside. */
let origin: i32 = 0;

function look(d: usize, oy: i32, ox: i32): void {
  const top = oy * op.strideY(d) - op.padTop(d);
  const left = ox * op.strideX(d) - op.padLeft(d);
  firstY = max<i32>(0, -top);
  lastY = min<i32>(op.kernelY(d), op.height(d) - top);
  firstX = max<i32>(0, -left);
  lastX = min<i32>(op.kernelX(d), op.width(d) - left);
  origin = top * op.width(d) + left;
}

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

export function maxpool(d: usize): void {
  const channels = op.channels(d);
  let y = op.y(d);
  for (let oy = 0; oy < op.outHeight(d); oy++)
    for (let ox = 0; ox < op.outWidth(d); ox++) {
      look(d, oy, ox);
      for (let c = 0; c < channels; c += 16) {
        let best = i8x16.splat(-128);
        for (let ky = firstY; ky < lastY; ky++)
          for (let kx = firstX; kx < lastX; kx++)
            best = i8x16.max_s(best, v128.load(op.x(d) + (origin + ky * op.width(d) + kx) * channels + c));
        v128.store(y + c, best);
      }
      y += channels;
    }
}

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
