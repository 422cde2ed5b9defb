// Rows of int16 (x - zero point), one for each output pixel, filled with zeros to the padded inner dimension.
import * as op from "./descriptor";

/** Patches of output pixels from, from + 1, ... in row-major order. */
export function patches(d: usize, from: i32, rows: i32): void {
  const outWidth = op.outWidth(d);
  const bytes = <usize>op.paddedK(d) << 1;
  let to = op.scratch(d);
  for (let r = 0; r < rows; r++) {
    const pixel = from + r;
    const oy = pixel / outWidth;
    patch(d, oy, pixel - oy * outWidth, to, to + bytes);
    to += bytes;
  }
}

/** Writes left to right: what `widen` writes beyond its run is written again after it. */
function patch(d: usize, oy: i32, ox: i32, to: usize, end: usize): void {
  const width = op.width(d);
  const channels = op.channels(d);
  const kernelX = op.kernelX(d);
  const left = ox * op.strideX(d) - op.padLeft(d);
  const first = max<i32>(0, -left);
  const last = min<i32>(kernelX, width - left);
  const top = oy * op.strideY(d) - op.padTop(d);
  const zero = i16x8.splat(<i16>op.zeroX(d));
  for (let ky = 0; ky < op.kernelY(d); ky++) {
    const iy = top + ky;
    if (iy < 0 || iy >= op.height(d)) {
      to = clear(to, kernelX * channels);
      continue;
    }
    to = clear(to, first * channels);
    to = widen(to, op.x(d) + (iy * width + left + first) * channels, (last - first) * channels, zero);
    to = clear(to, (kernelX - last) * channels);
  }
  memory.fill(to, 0, end - to);
}

@inline
function clear(to: usize, n: i32): usize {
  if (n > 0) memory.fill(to, 0, n << 1);
  return to + (n << 1);
}

/** Reads up to 7 bytes and writes up to 14 bytes beyond the run. */
@inline
function widen(to: usize, from: usize, n: i32, zero: v128): usize {
  for (let i = 0; i < n; i += 8) v128.store(to + (i << 1), i16x8.sub(v128.load_ext<i8>(from + i), zero));
  return to + (n << 1);
}
