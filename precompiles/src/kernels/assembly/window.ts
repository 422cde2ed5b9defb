import * as op from "./descriptor";

// The taps of the window at an output pixel that lie inside the image, as `look` found them.
export let firstY: i32 = 0;
export let lastY: i32 = 0;
export let firstX: i32 = 0;
export let lastX: i32 = 0;
/** Pixel of tap (0, 0), which may lie outside. */
export let origin: i32 = 0;

export function look(d: usize, oy: i32, ox: i32): void {
  const top = oy * op.strideY(d) - op.padTop(d);
  const left = ox * op.strideX(d) - op.padLeft(d);
  firstY = max<i32>(0, -top);
  lastY = min<i32>(op.kernelY(d), op.height(d) - top);
  firstX = max<i32>(0, -left);
  lastX = min<i32>(op.kernelX(d), op.width(d) - left);
  origin = top * op.width(d) + left;
}
