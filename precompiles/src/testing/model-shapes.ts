/** Files of models of one shape, for measurements: what they compute does not matter, what it costs does. */
import type { Bytes } from "@noema/core/bytes";
import { createModelBuilder, type ModelBuilder } from "../model/model-builder.ts";

const scales = (n: number) => [
  { shape: [n], data: new Int32Array(n) },
  { shape: [n], data: new Uint16Array(n).fill(16_384) },
];

/** Of the same size as its input: side x side x channels to n channels. */
export function convolution(side: number, channels: number, kernel: number, n: number): Bytes {
  const builder = createModelBuilder([side, side, channels]);
  const weights = { shape: [n, kernel, kernel, channels], data: new Int8Array(n * kernel * kernel * channels).fill(3) };
  const pad = kernel >> 1;
  const attributes = [1, 1, pad, pad, pad, pad, 10, -128, 127];
  return builder.build(builder.add("CONV2D", [0, weights, ...scales(n)], { shape: [side, side, n] }, attributes));
}

/** 3 x 3. */
export function depthwise(side: number, channels: number): Bytes {
  const builder = createModelBuilder([side, side, channels]);
  const weights = { shape: [3, 3, channels], data: new Int8Array(9 * channels).fill(3) };
  const attributes = [1, 1, 1, 1, 1, 1, 10, -128, 127];
  return builder.build(builder.add("DWCONV2D", [0, weights, ...scales(channels)], { shape: [side, side, channels] }, attributes));
}

export function dense(rows: number, k: number, n: number): Bytes {
  const builder = createModelBuilder([rows, k]);
  const weights = { shape: [n, k], data: new Int8Array(n * k).fill(3) };
  return builder.build(builder.add("DENSE", [0, weights, ...scales(n)], { shape: [rows, n] }, [10, -128, 127]));
}

export function pool(name: "MAXPOOL" | "AVGPOOL", side: number, channels: number, kernel: number): Bytes {
  const builder = createModelBuilder([side, side, channels]);
  const out = side - kernel + 1;
  return builder.build(builder.add(name, [0], { shape: [out, out, channels] }, [kernel, kernel, 1, 1, 0, 0, 0, 0]));
}

type Step = (builder: ModelBuilder, from: number) => number;

/** The same step, one after another. */
export function chain(length: number, shape: readonly number[], step: Step): Bytes {
  const builder = createModelBuilder(shape);
  let x = builder.input;
  for (let i = 0; i < length; i++) x = step(builder, x);
  return builder.build(x);
}

export const reshapes = (length: number) => chain(length, [1], (b, x) => b.add("RESHAPE", [x], { shape: [1] }));

export function tables(length: number, elements: number): Bytes {
  const table = { shape: [256], data: new Int8Array(256).fill(1) };
  return chain(length, [elements], (b, x) => b.add("LUT8", [x, table], { shape: [elements] }));
}

/** Of 1 x 1 each. */
export function products(length: number): Bytes {
  const weights = [{ shape: [1, 1], data: new Int8Array(1) }, ...scales(1)];
  return chain(length, [1], (b, x) => b.add("DENSE", [x, ...weights], { shape: [1] }, [1, -128, 127]));
}
