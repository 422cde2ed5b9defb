import { NO_CLAMP, type Window } from "../../ir/graph.ts";
import { type Constant, elementsOf, transposed } from "../../source/constant.ts";
import {
  type Call,
  constantOf,
  imageLaid,
  imageOf,
  intOf,
  intsOf,
  invalid,
  type Known,
  laidOf,
  optional,
  textOf,
  unsupported,
} from "../call.ts";

/** Two numbers for height and width; the height of a source with one dimension is 1 throughout. */
const pair = (values: readonly number[], alone: number): [number, number] =>
  values.length === 1 ? [alone, values[0]!] : [values[0]!, values[1]!];

/** The window of a convolution or a pool on an image of this height and width, `kernel` being its size in the source. */
export function windowOf(call: Call, kernel: readonly number[], size: readonly [number, number], ceil = false): Window {
  const [strideY, strideX] = pair(intsOf(call, "strides") ?? kernel.map(() => 1), 1);
  const dilations = intsOf(call, "dilations") ?? kernel.map(() => 1);
  if ([strideY, strideX, ...kernel, ...dilations].some((x) => !(x >= 1)) || dilations.length !== kernel.length)
    invalid(call, `a window of [${kernel}], strides [${strideY},${strideX}], dilations [${dilations}]`);
  const [kernelY, kernelX] = pair(
    kernel.map((k, i) => (k - 1) * dilations[i]! + 1),
    1,
  );
  const automatic = textOf(call, "auto_pad", "NOTSET");
  const total = (length: number, k: number, stride: number) => Math.max(0, (Math.ceil(length / stride) - 1) * stride + k - length);
  if (automatic.startsWith("SAME")) {
    const [y, x] = [total(size[0], kernelY, strideY), total(size[1], kernelX, strideX)];
    const round = automatic === "SAME_UPPER" ? Math.floor : Math.ceil;
    const [padTop, padLeft] = [round(y / 2), round(x / 2)];
    return { kernelY, kernelX, strideY, strideX, padTop, padLeft, padBottom: y - padTop, padRight: x - padLeft };
  }
  const pads = automatic === "VALID" ? undefined : intsOf(call, "pads");
  const [before, after] =
    pads === undefined
      ? [
          [0, 0],
          [0, 0],
        ]
      : [pads.slice(0, kernel.length), pads.slice(kernel.length)];
  const [[padTop, padLeft], [padBottom, padRight]] = [pair(before!, 0), pair(after!, 0)];
  // The last window of ceil_mode may reach over the end, and has to begin inside.
  const more = (length: number, k: number, stride: number, first: number, last: number) => {
    const rest = (length + first + last - k) % stride;
    return !ceil || rest <= 0 || length + first + last - rest + stride - k >= length + first ? 0 : stride - rest;
  };
  return {
    kernelY,
    kernelX,
    strideY,
    strideX,
    padTop,
    padLeft,
    padBottom: padBottom + more(size[0], kernelY, strideY, padTop, padBottom),
    padRight: padRight + more(size[1], kernelX, strideX, padLeft, padRight),
  };
}

/** Weights [N, C / groups, KH, KW] with zeros between the elements of a dilated kernel, and of whole inputs where there are groups. */
function spread(
  { dims, data, float }: Constant,
  window: Window,
  dilations: readonly [number, number],
  groups: number,
  name: string,
): Constant {
  const [n, c, kernelY, kernelX] = dims as [number, number, number, number];
  const channels = c * groups;
  const out = [n, channels, window.kernelY, window.kernelX];
  const spreadOut = new Float32Array(elementsOf(out, name));
  for (let i = 0; i < data.length; i++) {
    const [kx, ky] = [i % kernelX, Math.floor(i / kernelX) % kernelY];
    const [channel, filter] = [Math.floor(i / (kernelX * kernelY)) % c, Math.floor(i / (kernelX * kernelY * c))];
    const source = Math.floor(filter / (n / groups)) * c + channel;
    spreadOut[((filter * channels + source) * window.kernelY + ky * dilations[0]) * window.kernelX + kx * dilations[1]] = data[i]!;
  }
  return { float, dims: out, data: spreadOut };
}

/** Conv, also where its weights and bias come from elsewhere (QLinearConv). */
export function convolution(call: Call, weights = constantOf(call, 1), bias = optional(call, 2)): Known[] {
  const { rank, image } = { rank: laidOf(call, 0).dims.length, image: imageOf(call, 0) };
  const [n, perGroup] = weights.dims as [number, number];
  const kernel = weights.dims.slice(2);
  if (kernel.length !== rank - 2) invalid(call, `weights [${weights.dims}] for an input of rank ${rank}`);
  const groups = intOf(call, "group", 1);
  const channels = image.shape[2]!;
  if (perGroup * groups !== channels || n % groups !== 0)
    invalid(call, `weights [${weights.dims}] in ${groups} groups for ${channels} channels`);
  const window = windowOf(call, kernel, [image.shape[0]!, image.shape[1]!]);
  const dilations = pair(intsOf(call, "dilations") ?? kernel.map(() => 1), 1);
  const plane = { ...weights, dims: kernel.length === 1 ? [n, perGroup, 1, kernel[0]!] : weights.dims };
  const depthwise = groups === channels && n === channels && groups > 1;
  const full = spread(plane, window, dilations, depthwise ? 1 : groups, call.name);
  const op = {
    window,
    weights: transposed(full, depthwise ? [1, 2, 3, 0] : [0, 2, 3, 1]).data as Float32Array,
    bias: Float32Array.from(bias?.data ?? new Float32Array(n)),
    clamp: NO_CLAMP,
    weightScales: scalesOf(weights, 0, n),
  };
  return [imageLaid(call.builder.add({ kind: depthwise ? "depthwise" : "conv", ...op }, [image], call.name), rank)];
}

/** Of weights that come quantised, one for each channel of the output. */
export function scalesOf({ steps }: Constant, axis: number, channels: number): Float32Array | undefined {
  if (steps === undefined) return undefined;
  if (steps.scales.length === 1) return new Float32Array(channels).fill(steps.scales[0]!);
  return steps.axis === axis ? steps.scales : undefined;
}

export const noTransposed = (call: Call) =>
  unsupported(call, "transposed convolutions have no integer form", "upsample by another part of the model, or use the asynchronous path");
