/** Files of models of one shape, for measurements: what they compute does not matter, what it costs does. */
import type { Bytes } from "@noema/core/bytes";
import { elements } from "../format/types.ts";
import { createModelBuilder, type ModelBuilder } from "../model/model-builder.ts";
import type { OperatorName } from "../operators/table.ts";

const SCALE = [10, -128, 127];
const int8 = (...shape: number[]) => ({ shape, data: new Int8Array(elements(shape)).fill(3) });
const int32 = (n: number, value = 0) => ({ shape: [n], data: new Int32Array(n).fill(value) });
const scales = (n: number) => [int32(n), { shape: [n], data: new Uint16Array(n).fill(16_384) }];

/** Of the same size as its input: side x side x channels to n channels. */
export function convolution(side: number, channels: number, kernel: number, n: number): Bytes {
  const pad = kernel >> 1;
  const attributes = [1, 1, pad, pad, pad, pad, ...SCALE];
  return single("CONV2D", [side, side, channels], [int8(n, kernel, kernel, channels), ...scales(n)], [side, side, n], attributes);
}

export function depthwise(side: number, channels: number, kernel = 3): Bytes {
  const pad = kernel >> 1;
  const shape = [side, side, channels];
  const attributes = [1, 1, pad, pad, pad, pad, ...SCALE];
  return single("DWCONV2D", shape, [int8(kernel, kernel, channels), ...scales(channels)], shape, attributes);
}

export function dense(rows: number, k: number, n: number): Bytes {
  return single("DENSE", [rows, k], [int8(n, k), ...scales(n)], [rows, n], SCALE);
}

export function logits(k: number, n: number): Bytes {
  const builder = createModelBuilder([k]);
  return builder.build(builder.add("DENSE", [0, int8(n, k), int32(n)], { shape: [n], dtype: "int32" }));
}

/** The input times itself, transposed: rows x k times k x rows; or, where it is square, as it is. */
export function matmul(batch: number, rows: number, k: number, transposed = true): Bytes {
  const shape = [batch, rows, k];
  const builder = createModelBuilder(shape);
  return builder.build(builder.add("MATMUL", [0, 0], { shape: [batch, rows, rows] }, [Number(transposed), 9000, ...SCALE]));
}

/** A row of k, reshaped into n x k and back: the product of one row that attention has for each token. */
export function oneRowMatmul(n: number, k: number): Bytes {
  const builder = createModelBuilder([n, k]);
  const row = builder.add("SLICE", [0], { shape: [1, k] }, [0, 0, 1, 1]);
  return builder.build(builder.add("MATMUL", [row, 0], { shape: [1, n] }, [1, 9000, ...SCALE]));
}

export function pool(name: "MAXPOOL" | "AVGPOOL", side: number, channels: number, kernel: number): Bytes {
  const out = side - kernel + 1;
  return single(name, [side, side, channels], [], [out, out, channels], [kernel, kernel, 1, 1, 0, 0, 0, 0]);
}

type Inputs = Parameters<ModelBuilder["add"]>[1];

/** One operator on the input and these weights. */
export function single(
  name: OperatorName,
  shape: readonly number[],
  rest: Inputs,
  output: readonly number[],
  attributes: readonly number[] = [],
): Bytes {
  const builder = createModelBuilder(shape);
  return builder.build(builder.add(name, [0, ...rest], { shape: output }, attributes));
}

type Step = (builder: ModelBuilder, from: number) => number;

/** The same step, one after another. */
export function chain(length: number, shape: readonly number[], step: Step): Bytes {
  const builder = createModelBuilder(shape);
  let x = builder.input;
  for (let i = 0; i < length; i++) x = step(builder, x);
  return builder.build(x);
}

/** An operator that keeps the shape, `length` times, so that input and output weigh little. */
export function repeated(
  length: number,
  name: OperatorName,
  shape: readonly number[],
  rest: Inputs,
  attributes: readonly number[] = [],
): Bytes {
  return chain(length, shape, (b, x) => b.add(name, [x, ...rest], { shape }, attributes));
}

export const table = { shape: [256], data: new Int8Array(256).fill(1) };
export const exponentials = { shape: [256], data: Uint16Array.from({ length: 256 }, (_, i) => Math.floor(65_535 / (1 + i))) };

export function layernorms(length: number, shape: readonly number[]): Bytes {
  const k = shape.at(-1)!;
  return repeated(length, "LAYERNORM", shape, [int32(k, 16_384), int32(k)], [15, -128, 127]);
}

export function softmaxes(length: number, shape: readonly number[], causal = 0): Bytes {
  return repeated(length, "SOFTMAX", shape, [exponentials], [causal, 0]);
}

export function rmsnorms(length: number, shape: readonly number[]): Bytes {
  return repeated(length, "RMSNORM", shape, [], [2 ** 26, 2, 20, -128, 127]);
}

export function topk(rows: number, width: number, k: number): Bytes {
  const builder = createModelBuilder([rows, width]);
  return builder.build(builder.add("TOPK", [0], { shape: [rows, k], dtype: "int32" }, [k]));
}

export function gather(rows: number, tableRows: number, width: number): Bytes {
  const builder = createModelBuilder([rows], 0, "int32");
  return builder.build(builder.add("GATHER", [0, int8(tableRows, width)], { shape: [rows, width] }));
}

/** Of 1 x 1 each. */
export function products(length: number): Bytes {
  return repeated(length, "DENSE", [1], [int8(1, 1), ...scales(1)], [1, -128, 127]);
}

/** Transposed and back. */
export function transposes(length: number, rows: number, columns: number): Bytes {
  return chain(length, [rows, columns], (b, x) => {
    const turned = b.add("TRANSPOSE", [x], { shape: [columns, rows] }, [1, 0]);
    return b.add("TRANSPOSE", [turned], { shape: [rows, columns] }, [1, 0]);
  });
}

/** `parts` times the input, along the last axis, and cut back. */
export function concats(length: number, rows: number, width: number, parts: number): Bytes {
  return chain(length, [rows, width], (b, x) => {
    const wide = b.add(
      "CONCAT",
      Array.from({ length: parts }, () => x),
      { shape: [rows, width * parts] },
      [1],
    );
    return b.add("SLICE", [wide], { shape: [rows, width] }, [0, 0, 1, parts]);
  });
}

export function pads(length: number, rows: number, width: number): Bytes {
  return chain(length, [rows, width], (b, x) => {
    const larger = b.add("PAD", [x], { shape: [rows + 2, width + 2] }, [1, 1, 1, 1]);
    return b.add("SLICE", [larger], { shape: [rows, width] }, [1, 1, 1, 1]);
  });
}

/** Columns of a matrix, one after another from it, each of whose elements lies elsewhere. */
export function columns(length: number, rows: number, width: number): Bytes {
  const builder = createModelBuilder([rows, width]);
  let y = 0;
  for (let i = 0; i < length; i++) y = builder.add("SLICE", [0], { shape: [rows, 1] }, [0, (i * 64) % width, 1, 1]);
  return builder.build(y);
}

/** One pixel of each `stride` x `stride`. */
export function sparse(length: number, name: "CONV2D" | "MAXPOOL", side: number, stride: number): Bytes {
  const builder = createModelBuilder([side, side, 1]);
  const out = Math.floor((side - 1) / stride) + 1;
  const window = [stride, stride, 0, 0, 0, 0];
  const weights = name === "CONV2D" ? [int8(1, 1, 1, 1), ...scales(1)] : [];
  const attributes = name === "CONV2D" ? [...window, ...SCALE] : [1, 1, ...window];
  let y = 0;
  for (let i = 0; i < length; i++) y = builder.add(name, [0, ...weights], { shape: [out, out, 1] }, attributes);
  return builder.build(y);
}

/** A kernel of one column. */
export function tall(side: number, kernel: number): Bytes {
  const pad = [kernel >> 1, 0, kernel >> 1, 0];
  return single("CONV2D", [side, side, 1], [int8(1, kernel, 1, 1), ...scales(1)], [side, side, 1], [1, 1, ...pad, ...SCALE]);
}

/** Of MobileNetV2 (Sandler et al. 2018, table 2), 224 x 224: expansion, channels, repetitions, first stride. */
const BLOCKS = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** 53 products and 301 million multiply-accumulates. */
export function mobilenet(): Bytes {
  const builder = createModelBuilder([224, 224, 3]);
  let x = { index: 0, side: 224, channels: 3 };
  const convolve = (n: number, kernel: number, stride: number) => {
    const side = x.side / stride;
    const pad = kernel >> 1;
    const weights = int8(n, kernel, kernel, x.channels);
    const attributes = [stride, stride, pad, pad, pad, pad, ...SCALE];
    x = { index: builder.add("CONV2D", [x.index, weights, ...scales(n)], { shape: [side, side, n] }, attributes), side, channels: n };
  };
  const each = (stride: number) => {
    const [side, c] = [x.side / stride, x.channels];
    const attributes = [stride, stride, 1, 1, 1, 1, ...SCALE];
    x = { ...x, index: builder.add("DWCONV2D", [x.index, int8(3, 3, c), ...scales(c)], { shape: [side, side, c] }, attributes), side };
  };
  convolve(32, 3, 2);
  for (const [expansion, channels, repetitions, first] of BLOCKS)
    for (let i = 0; i < repetitions; i++) {
      const from = x;
      if (expansion > 1) convolve(expansion * x.channels, 1, 1);
      each(i === 0 ? first : 1);
      convolve(channels, 1, 1);
      if (i > 0)
        x = { ...x, index: builder.add("ADD", [from.index, x.index], { shape: [x.side, x.side, channels] }, [9, 9, 4, -128, 127]) };
    }
  convolve(1280, 1, 1);
  const pooled = builder.add("AVGPOOL", [x.index], { shape: [1, 1, 1280] }, [7, 7, 1, 1, 0, 0, 0, 0]);
  const flat = builder.add("RESHAPE", [pooled], { shape: [1280] });
  return builder.build(builder.add("DENSE", [flat, int8(1000, 1280), ...scales(1000)], { shape: [1000] }, SCALE));
}
