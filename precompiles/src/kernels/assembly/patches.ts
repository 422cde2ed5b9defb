// Rows of int16 (x - zero point), one for each output pixel, filled with zeros to the padded inner dimension.
// Everything is written left to right in whole vectors: what a run writes beyond its end, the next run writes again, and
// after the last row lie 16 bytes of slack.
import * as op from "./descriptor";

/** Of the image at x, patches of output pixels from, from + 1, ... in row-major order. */
export function patches(d: usize, x: usize, from: i32, rows: i32): void {
  const height = op.height(d), width = op.width(d), channels = op.channels(d), outWidth = op.outWidth(d);
  const kernelY = op.kernelY(d), kernelX = op.kernelX(d), strideY = op.strideY(d), strideX = op.strideX(d);
  const padTop = op.padTop(d), padLeft = op.padLeft(d);
  const zero = i16x8.splat(<i16>op.zeroX(d));
  const bytes = <usize>op.paddedK(d) << 1;
  let to = op.scratch(d);
  if (kernelY * kernelX * strideY * strideX == 1 && (channels & 7) == 0) {
    // Rows are pixels as they lie.
    widen(to, x + from * channels, rows * channels, zero);
    return;
  }
  let oy = from / outWidth;
  let ox = from - oy * outWidth;
  for (let r = 0; r < rows; r++) {
    const end = to + bytes;
    const left = ox * strideX - padLeft;
    const first = max<i32>(0, -left);
    const last = min<i32>(kernelX, width - left);
    const top = oy * strideY - padTop;
    for (let iy = top; iy < top + kernelY; iy++) {
      if (iy < 0 || iy >= height) to = clear(to, kernelX * channels);
      else {
        if (first > 0) to = clear(to, first * channels);
        to = widen(to, x + (iy * width + left + first) * channels, (last - first) * channels, zero);
        if (last < kernelX) to = clear(to, (kernelX - last) * channels);
      }
    }
    // Less than 8 values are missing.
    v128.store(to, i16x8.splat(0));
    to = end;
    if (++ox == outWidth) {
      ox = 0;
      oy++;
    }
  }
}

@inline
function clear(to: usize, n: i32): usize {
  for (let i = 0; i < n; i += 8) v128.store(to + (i << 1), i16x8.splat(0));
  return to + (n << 1);
}

/** Reads up to 7 bytes beyond the run. */
@inline
function widen(to: usize, from: usize, n: i32, zero: v128): usize {
  for (let i = 0; i < n; i += 8) v128.store(to + (i << 1), i16x8.sub(v128.load_ext<i8>(from + i), zero));
  return to + (n << 1);
}
