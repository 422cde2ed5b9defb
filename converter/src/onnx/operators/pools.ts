import { count, NO_CLAMP, type Value, type Window } from "../../ir/graph.ts";
import { rowMajor } from "../../source/laid.ts";
import {
  axisOf,
  type Call,
  imageLaid,
  imageOf,
  intOf,
  intsOf,
  invalid,
  type Known,
  laidOf,
  listOf,
  type Rule,
  straightOf,
  unsupported,
} from "../call.ts";
import { windowOf } from "./convolution.ts";

export const maxpool: Rule = (call) => {
  const { rank, image, window } = pooled(call);
  return [imageLaid(call.builder.add({ kind: "maxpool", window }, [image], call.name), rank)];
};

export const averagepool: Rule = (call) => {
  const { rank, image, window } = pooled(call);
  // Where padding counts, the mean is a convolution with equal weights.
  if (intOf(call, "count_include_pad", 0) === 1) return [imageLaid(meanOf(call, image, window), rank)];
  return [imageLaid(call.builder.add({ kind: "avgpool", window }, [image], call.name), rank)];
};

function pooled(call: Call): { rank: number; image: Value; window: Window } {
  const rank = laidOf(call, 0).dims.length;
  const image = imageOf(call, 0);
  const kernel = intsOf(call, "kernel_shape") ?? invalid(call, "no kernel_shape");
  const window = windowOf(call, kernel, [image.shape[0]!, image.shape[1]!], intOf(call, "ceil_mode", 0) === 1);
  if ((intsOf(call, "dilations") ?? []).some((x) => x !== 1)) unsupported(call, "a dilated pool", "use a pool without dilations");
  return { rank, image, window };
}

function meanOf({ builder, name }: Call, image: Value, window: Window): Value {
  const [taps, channels] = [window.kernelY * window.kernelX, image.shape[2]!];
  const weights = new Float32Array(taps * channels).fill(1 / taps);
  return builder.add({ kind: "depthwise", window, weights, bias: new Float32Array(channels), clamp: NO_CLAMP }, [image], name);
}

const whole = (image: Value): Window => {
  const [kernelY, kernelX] = image.shape as [number, number];
  return { kernelY, kernelX, strideY: 1, strideX: 1, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 };
};

export const globalPool =
  (kind: "avgpool" | "maxpool"): Rule =>
  (call) => {
    const image = imageOf(call, 0);
    return [imageLaid(call.builder.add({ kind, window: whole(image) }, [image], call.name), laidOf(call, 0).dims.length)];
  };

/** ReduceMean and ReduceMax: over height and width of an image, or over the last dimension. */
export const reduction =
  (kind: "avgpool" | "maxpool"): Rule =>
  (call) => {
    const { dims } = laidOf(call, 0);
    const rank = dims.length;
    const axes = (listOf(call, "axes", 1) ?? dims.map((_, i) => i)).map((axis) => axisOf(call, axis, rank)).sort((a, b) => a - b);
    const kept = dims.map((dimension, i) => (axes.includes(i) ? 1 : dimension));
    const out = intOf(call, "keepdims", 1) === 1 ? kept : kept.filter((_, i) => !axes.includes(i));
    if ((rank === 4 && axes.join() === "2,3") || (rank === 3 && axes.join() === "2")) {
      const image = imageOf(call, 0);
      const value = call.builder.add({ kind, window: whole(image) }, [image], call.name);
      return [flat(call, value, out)];
    }
    const value = straightOf(call, 0);
    const k = value.shape.at(-1)!;
    if (axes.join() !== String(rank - 1))
      unsupported(call, `a reduction over the dimensions ${axes} of [${dims}]`, "reduce over height and width, or over the last dimension");
    if (kind === "avgpool") {
      const weights = new Float32Array(k).fill(1 / k);
      return [
        flat(call, call.builder.add({ kind: "dense", weights, bias: new Float32Array(1), clamp: NO_CLAMP }, [value], call.name), out),
      ];
    }
    const rows = call.builder.reshape(value, [count(value.shape) / k, k, 1], call.name);
    const window = { ...whole(rows), kernelY: 1 };
    return [flat(call, call.builder.add({ kind, window }, [rows], call.name), out)];
  };

function flat({ builder, name }: Call, value: Value, dims: readonly number[]): Known {
  const first = dims.findIndex((dimension) => dimension !== 1);
  return rowMajor(builder.reshape(value, first < 0 ? [1] : dims.slice(first), name), dims);
}
