/** What random operators are made of: weights, some of them used again, scales, windows. */
import { elements } from "../format/types.ts";
import type { ModelBuilder, WeightSpec } from "../model/model-builder.ts";
import { type Draw, int8s, int32, once, oneOf } from "./draw.ts";

export interface Value {
  index: number;
  shape: number[];
  zeroPoint: number;
}

/** A model that is being made. */
export interface Making {
  builder: ModelBuilder;
  draw: Draw;
  /** Int8 activations so far. */
  values: readonly Value[];
  weights: WeightSpec[];
}

type Kind = WeightSpec["data"]["constructor"];

/** One of these dimensions and type: now and then one that the model has already. */
function shared({ draw, weights }: Making, shape: readonly number[], kind: Kind, made: () => WeightSpec["data"]): WeightSpec {
  const alike = weights.filter((spec) => spec.shape.join() === shape.join() && spec.data.constructor === kind);
  const spec = alike.length > 0 && once(draw, 3) ? oneOf(draw, alike) : { shape, data: made() };
  weights.push(spec);
  return spec;
}

export function int8Weight(making: Making, shape: readonly number[]): WeightSpec {
  return shared(making, shape, Int8Array, () => int8s(making.draw, elements(shape)));
}

export function int32Weight(making: Making, n: number, one: (draw: Draw) => number): WeightSpec {
  return shared(making, [n], Int32Array, () => Int32Array.from({ length: n }, () => one(making.draw)));
}

export function biasOf(making: Making, n: number): WeightSpec {
  const wide = once(making.draw, 4);
  return int32Weight(making, n, (draw) => (wide ? int32(draw) : draw(-50_000, 50_000)));
}

/** In [0, 2^15), with its ends. */
export const multiplier = (draw: Draw) => (once(draw, 10) ? oneOf(draw, [0, 32_767]) : draw(1, 32_767));

export function multipliersOf(making: Making, n: number): WeightSpec {
  const { draw } = making;
  return { shape: [n], data: Uint16Array.from({ length: n }, () => multiplier(draw)) };
}

export function requantisation(draw: Draw): number[] {
  const lo = once(draw, 4) ? draw(-128, 0) : -128;
  return [once(draw, 4) ? draw(1, 31) : draw(4, 14), lo, once(draw, 4) ? draw(lo, 127) : 127];
}

/** A kernel, strides and padding for it, and the output they give. */
export function windowOn(draw: Draw, [height, width]: readonly number[]): { kernel: number[]; attributes: number[]; out: number[] } {
  const size = [height!, width!];
  const kernel = size.map((side) => draw(1, Math.min(side, 5)));
  const stride = [draw(1, 3), draw(1, 3)];
  const pad = [0, 1, 0, 1].map((axis) => (once(draw, 2) ? 0 : draw(0, kernel[axis]! - 1)));
  const out = [0, 1].map((axis) => Math.floor((size[axis]! + pad[axis]! + pad[axis + 2]! - kernel[axis]!) / stride[axis]!) + 1);
  return { kernel, attributes: [...stride, ...pad], out };
}

/** An activation of this shape, if the model has one beside x; else a table of x. */
export function another(making: Making, x: Value): Value {
  const { draw, values, builder } = making;
  const alike = values.filter(({ index, shape }) => index !== x.index && shape.join() === x.shape.join());
  if (alike.length > 0 && !once(draw, 4)) return oneOf(draw, alike);
  const zeroPoint = draw(-128, 127);
  return { ...x, zeroPoint, index: builder.add("LUT8", [x.index, int8Weight(making, [256])], { shape: x.shape, zeroPoint }) };
}
