/** Kernels in which a window slides over each channel for itself; a word is four channels of a position. */
import { eachWord } from "./prelude.ts";

/** `visit` has `tap`, the index of the window's element, and `x`, its four values. Positions are counted over the whole batch. */
const slide = (visit: string) => `
  let column = word % step.wordsY;
  let position = word / step.wordsY;
  let inside = position % (step.outHeight * step.outWidth);
  let image = (position / (step.outHeight * step.outWidth)) * step.height;
  let top = (inside / step.outWidth) * step.strideY - step.padTop;
  let left = (inside % step.outWidth) * step.strideX - step.padLeft;
  for (var ky = max(0, -top); ky < min(step.kernelY, step.height - top); ky++) {
    for (var kx = max(0, -left); kx < min(step.kernelX, step.width - left); kx++) {
      let tap = ky * step.kernelX + kx;
      let x = unpack4xI8(x_at(((image + top + ky) * step.width + left + kx) * step.wordsX + column));
      ${visit}
    }
  }`;

export const depthwise = eachWord(`
  var acc = constants4(step.bias + 4 * (word % step.wordsY));${slide(
    "acc += (x - vec4<i32>(step.zeroX)) * unpack4xI8(constants[step.weights + tap * step.wordsY + column]);",
  )}
  y_put(word, clamped(scaled(acc, constants4(step.multipliers + 4 * column))));`);

export const maxpool = eachWord(`
  var largest = vec4<i32>(-128);${slide("largest = max(largest, x);")}
  y_put(word, pack4xI8(largest));`);

/** Signed division truncates; the floor is one less where a remainder is negative. */
export const avgpool = eachWord(`
  var sum = vec4<i32>();
  var count = 0;${slide("sum += x; count++;")}
  let n = vec4<i32>(max(1, count));
  let rounding = sum + (n >> vec4<u32>(1u));
  let quotient = rounding / n;
  y_put(word, pack4xI8(quotient - select(vec4<i32>(0), vec4<i32>(1), rounding - quotient * n < vec4<i32>(0))));`);
