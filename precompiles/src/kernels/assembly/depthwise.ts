// DWCONV2D: each channel for itself, 16 or 8 at a time, by pairs of taps: i32x4.dot_i16x8_s adds two taps to each of four channels.
// Weights int16, for each 8 channels and each pair of taps 8 channels x 2 taps. The sums are of x * w: what the zero point adds
// to each, its product with the channel's weights, is taken from the bias before, and a tap outside the image is a pixel of zero
// points. Pixels are written in order, so that what a store writes beyond the channels there are is written again by the next.
import * as op from "./descriptor";
import { bytes, scaled, words } from "./requantise";
import { firstX, firstY, lastX, lastY, look, origin } from "./window";

/** Scratch: bias less what zero points add; a pixel of zero points; for each tap where its pixel lies, from the first one's. */
export function depthwise(d: usize): void {
  const channels = op.channels(d), taps = op.kernelY(d) * op.kernelX(d);
  const padded = <usize>((channels + 7) & ~7);
  const bias = op.scratch(d), outside = bias + (padded << 2), places = outside + padded;
  const pairs = (taps + 1) >> 1;
  lessZeroPoint(d, bias, padded, pairs);
  memory.fill(outside, <u8>op.zeroX(d), padded);
  const shift = op.shift(d);
  const round = i32x4.splat(1 << (shift - 1));
  const zero = i16x8.splat(<i16>op.zeroY(d));
  const lo = i8x16.splat(<i8>op.lo(d)), hi = i8x16.splat(<i8>op.hi(d));
  let y = op.y(d);
  let inside = false;
  for (let oy = 0; oy < op.outHeight(d); oy++)
    for (let ox = 0; ox < op.outWidth(d); ox++) {
      look(d, oy, ox);
      const all = firstY == 0 && firstX == 0 && lastY == op.kernelY(d) && lastX == op.kernelX(d);
      const x = op.x(d) + origin * channels;
      if (!all || !inside) place(d, places, outside - x);
      inside = all;
      let w = op.weights(d), b = bias, m = op.multipliers(d);
      let c = 0;
      for (; channels - c > 8; c += 16) {
        sixteen(x + c, places, pairs, w, b, m, shift, round, zero, lo, hi, y + c);
        w += <usize>pairs << 6;
        b += 64;
        m += 64;
      }
      if (c < channels) eight(x + c, places, pairs, w, b, m, shift, round, zero, lo, hi, y + c);
      y += channels;
    }
}

/** The last tap stands twice where their number is odd, the second time with weights of 0. */
function place(d: usize, places: usize, outside: usize): void {
  const channels = op.channels(d), width = op.width(d);
  for (let ky = 0; ky < op.kernelY(d); ky++)
    for (let kx = 0; kx < op.kernelX(d); kx++) {
      const within = ky >= firstY && ky < lastY && kx >= firstX && kx < lastX;
      store<u32>(places, within ? <u32>((ky * width + kx) * channels) : <u32>outside);
      places += 4;
    }
  store<u32>(places, load<u32>(places - 4));
}

function lessZeroPoint(d: usize, to: usize, padded: usize, pairs: i32): void {
  const zero = i16x8.splat(<i16>op.zeroX(d));
  let w = op.weights(d);
  const bias = op.bias(d);
  for (let c: usize = 0; c < padded << 2; c += 32) {
    let s0 = v128.load(bias + c), s1 = v128.load(bias + c, 16);
    for (let p = 0; p < pairs; p++) {
      s0 = i32x4.sub(s0, i32x4.dot_i16x8_s(zero, v128.load(w)));
      s1 = i32x4.sub(s1, i32x4.dot_i16x8_s(zero, v128.load(w, 16)));
      w += 32;
    }
    v128.store(to + c, s0);
    v128.store(to + c, s1, 16);
  }
}

@inline
function sixteen(x: usize, places: usize, pairs: i32, w: usize, bias: usize, m: usize, shift: i32, round: v128, zero: v128, lo: v128, hi: v128, to: usize): void {
  let s0 = v128.load(bias), s1 = v128.load(bias, 16), s2 = v128.load(bias, 32), s3 = v128.load(bias, 48);
  let v = w + (<usize>pairs << 5);
  for (let p = 0; p < pairs; p++) {
    const a = v128.load(x + load<u32>(places)), b = v128.load(x + load<u32>(places, 4));
    const low = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const high = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(low), v128.load(w)));
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(low), v128.load(w, 16)));
    s2 = i32x4.add(s2, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(high), v128.load(v)));
    s3 = i32x4.add(s3, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(high), v128.load(v, 16)));
    places += 8;
    w += 32;
    v += 32;
  }
  const y0 = words(scaled(s0, v128.load(m), round, shift), scaled(s1, v128.load(m, 16), round, shift), zero);
  const y1 = words(scaled(s2, v128.load(m, 32), round, shift), scaled(s3, v128.load(m, 48), round, shift), zero);
  v128.store(to, i8x16.min_s(i8x16.max_s(i8x16.narrow_i16x8_s(y0, y1), lo), hi));
}

@inline
function eight(x: usize, places: usize, pairs: i32, w: usize, bias: usize, m: usize, shift: i32, round: v128, zero: v128, lo: v128, hi: v128, to: usize): void {
  let s0 = v128.load(bias), s1 = v128.load(bias, 16);
  for (let p = 0; p < pairs; p++) {
    const a = v128.load64_zero(x + load<u32>(places)), b = v128.load64_zero(x + load<u32>(places, 4));
    const both = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(both), v128.load(w)));
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(both), v128.load(w, 16)));
    places += 8;
    w += 32;
  }
  const y0 = scaled(s0, v128.load(m), round, shift), y1 = scaled(s1, v128.load(m, 16), round, shift);
  store<i64>(to, bytes(y0, y1, zero, lo, hi));
}
