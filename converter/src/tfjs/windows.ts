/** Convolutions and pools as TensorFlow says them, channels last, for layers and graphs alike. */
import type { Known } from "../onnx/call.ts";
import { type Constant, transposed } from "../source/constant.ts";
import { type At, channelsFirst, say } from "./say.ts";

export interface Slide {
  strides: readonly number[];
  dilations?: readonly number[];
  /** SAME puts the odd one of padding at the end, as ONNX's SAME_UPPER. */
  padding: "SAME" | "VALID";
}

const attributes = ({ strides, dilations, padding }: Slide) => ({
  strides,
  auto_pad: padding === "SAME" ? "SAME_UPPER" : "VALID",
  ...(dilations && { dilations }),
});

/** kernel [...window, channels in, channels out]. */
export function convolution(at: At, x: Known, kernel: Constant, bias: Known | undefined, slide: Slide): Known {
  const rank = kernel.dims.length;
  const window = Array.from({ length: rank - 2 }, (_, i) => i);
  const weights = transposed(kernel, [rank - 1, rank - 2, ...window]);
  return channelsFirst(at, x, rank, (first) => say(at, "Conv", [first, weights, bias], attributes(slide)));
}

/** kernel [height, width, channels in, channels out for each]. */
export function depthwise(at: At, x: Known, kernel: Constant, bias: Known | undefined, slide: Slide): Known {
  const [height, width, channels, each] = kernel.dims as [number, number, number, number];
  const weights = { ...transposed(kernel, [2, 3, 0, 1]), dims: [channels * each, 1, height, width] };
  return channelsFirst(at, x, 4, (first) => say(at, "Conv", [first, weights, bias], { ...attributes(slide), group: channels }));
}

export function pool(at: At, x: Known, kind: "MaxPool" | "AveragePool", window: readonly number[], slide: Slide): Known {
  return channelsFirst(at, x, window.length + 2, (first) => say(at, kind, [first], { ...attributes(slide), kernel_shape: window }));
}

/** Over all but channels; without `keep` they are left out. */
export function globalPool(at: At, x: Known, kind: "GlobalMaxPool" | "GlobalAveragePool", rank: number, keep = false): Known {
  const pooled = channelsFirst(at, x, rank, (first) => say(at, kind, [first]));
  const axes = Array.from({ length: rank - 2 }, (_, i) => i + 1);
  return keep ? pooled : say(at, "Squeeze", [pooled], { axes });
}

/** Of a trained model, over the last dimension; without factor or summand those that change nothing. */
export function batchNorm(
  at: At,
  x: Known,
  rank: number,
  [scale, shift, mean, variance]: readonly [Known | undefined, Known | undefined, Constant, Known],
  epsilon: number,
): Known {
  const all = (value: number): Constant => ({ ...mean, data: new Float32Array(mean.data.length).fill(value) });
  const rest = [scale ?? all(1), shift ?? all(0), mean, variance];
  return channelsFirst(at, x, rank, (first) => say(at, "BatchNormalization", [first, ...rest], { epsilon }));
}
