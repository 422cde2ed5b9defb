/** Known numbers of a source: weights, shapes, indices. */
import { fail } from "../errors.ts";

export interface Constant {
  /** Floats are rounded to single precision, whole numbers and booleans are not. */
  float: boolean;
  dims: readonly number[];
  data: Float32Array | Float64Array;
  /** Of whole numbers of one byte: what they can be. */
  range?: { lo: number; hi: number };
  /** Of dequantised ones: one scale, or one for each index along `axis`. */
  steps?: { axis: number; scales: Float32Array };
}

/** A sequence of ONNX, which only preambles of shapes use. */
export interface Sequence {
  items: readonly Constant[];
}

/** Elements of one constant: twice the weights that a model may have. */
const MAX_ELEMENTS = 2 ** 25;
const MAX_RANK = 16;

export function elementsOf(dims: readonly number[], what: string): number {
  const total = dims.reduce((product, dimension) => product * dimension, 1);
  if (dims.length > MAX_RANK) fail("CONVERT_SOURCE_INVALID", `${what}: ${dims.length} dimensions, limit ${MAX_RANK}`);
  if (dims.some((dimension) => !Number.isInteger(dimension) || dimension < 0) || total > MAX_ELEMENTS)
    fail("CONVERT_SOURCE_INVALID", `${what}: [${dims}] elements, limit ${MAX_ELEMENTS}`);
  return total;
}

export function constant(float: boolean, dims: readonly number[], values: ArrayLike<number>): Constant {
  const data = float ? Float32Array.from(values) : Float64Array.from(values);
  return { float, dims, data };
}

/** Whole numbers in a row. */
export const integers = (values: readonly number[]): Constant => constant(false, [values.length], values);

export const numbers = ({ data }: Constant): number[] => Array.from(data);

export function scalar({ data }: Constant, what: string): number {
  if (data.length !== 1) fail("CONVERT_SOURCE_INVALID", `${what}: ${data.length} numbers where one is expected`);
  return data[0] as number;
}

/** Distance between neighbours along each dimension, row-major. */
export function strides(dims: readonly number[]): number[] {
  const out = dims.map(() => 1);
  for (let i = dims.length - 2; i >= 0; i--) out[i] = out[i + 1]! * dims[i + 1]!;
  return out;
}

/** Two shapes as one, as numpy broadcasts. */
export function broadcast(a: readonly number[], b: readonly number[], what: string): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) fail("CONVERT_SOURCE_INVALID", `${what}: [${a}] and [${b}] do not fit together`);
    return x === 1 ? y : x;
  });
}

/** Calls with (place in `dims`, place in a tensor of `from` that is broadcast to it). */
export function eachPlace(dims: readonly number[], from: readonly number[], visit: (to: number, source: number) => void): void {
  const total = dims.reduce((product, dimension) => product * dimension, 1);
  const offset = dims.length - from.length;
  const steps = strides(from);
  const index = dims.map(() => 0);
  let source = 0;
  for (let to = 0; to < total; to++) {
    visit(to, source);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const step = axis < offset || from[axis - offset] === 1 ? 0 : steps[axis - offset]!;
      source += step;
      if (++index[axis]! < dims[axis]!) break;
      source -= step * dims[axis]!;
      index[axis] = 0;
    }
  }
}

export function broadcastTo({ float, dims, data }: Constant, to: readonly number[], what: string): Constant {
  const out = new (float ? Float32Array : Float64Array)(elementsOf(to, what));
  eachPlace(to, dims, (place, source) => {
    out[place] = data[source]!;
  });
  return { float, dims: to, data: out };
}

export function transposed({ float, dims, data }: Constant, order: readonly number[]): Constant {
  const to = order.map((axis) => dims[axis]!);
  const steps = strides(dims);
  const out = new (float ? Float32Array : Float64Array)(data.length);
  const index = to.map(() => 0);
  let source = 0;
  for (let place = 0; place < out.length; place++) {
    out[place] = data[source]!;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const step = steps[order[axis]!]!;
      source += step;
      if (++index[axis]! < to[axis]!) break;
      source -= step * to[axis]!;
      index[axis] = 0;
    }
  }
  return { float, dims: to, data: out };
}
