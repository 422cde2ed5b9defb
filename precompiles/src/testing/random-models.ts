/** Models with random shapes, attributes, weights and inputs, extremes included; the same seed gives the same model. */
import type { Bytes } from "@noema/core/bytes";
import { elements, type TensorData } from "../format/types.ts";
import { createModelBuilder, type ModelBuilder } from "../model/model-builder.ts";
import { type BuiltOperatorName, OPERATORS } from "../operators/table.ts";

/** An integer in [min, max]. */
export type Draw = (min: number, max: number) => number;

/** Seeded (mulberry32). */
export function createDraw(seed: number): Draw {
  let state = seed | 0;
  return (min, max) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return min + (((t ^ (t >>> 14)) >>> 0) % (max - min + 1));
  };
}

const INT32 = 2 ** 31;

/** Some runs are all -128 or all 127: the largest products there are. */
function int8s(draw: Draw, n: number): Int8Array {
  const mode = draw(0, 4);
  const extreme = [-128, 127][mode];
  return Int8Array.from({ length: n }, () => extreme ?? draw(-128, 127));
}

function scales(draw: Draw, n: number): { shape: number[]; data: TensorData }[] {
  const wide = draw(0, 3) === 0;
  const bias = Int32Array.from({ length: n }, () => (wide ? draw(0, 2 ** 32 - 1) - INT32 : draw(-50_000, 50_000)));
  const multipliers = Uint16Array.from({ length: n }, () => (draw(0, 9) === 0 ? [0, 32_767][draw(0, 1)]! : draw(1, 32_767)));
  return [bias, multipliers].map((data) => ({ shape: [n], data }));
}

function requantisation(draw: Draw): number[] {
  const lo = draw(0, 3) === 0 ? draw(-128, 0) : -128;
  return [draw(0, 3) === 0 ? draw(1, 31) : draw(4, 14), lo, draw(0, 3) === 0 ? draw(lo, 127) : 127];
}

/** Strides and padding for a kernel, and the output they give. */
function slide(draw: Draw, size: number[], kernel: number[]): { attributes: number[]; out: number[] } {
  const stride = [draw(1, 3), draw(1, 3)];
  const pad = [0, 1, 0, 1].map((axis) => (draw(0, 1) === 0 ? 0 : draw(0, kernel[axis]! - 1)));
  const out = [0, 1].map((axis) => Math.floor((size[axis]! + pad[axis]! + pad[axis + 2]! - kernel[axis]!) / stride[axis]!) + 1);
  return { attributes: [...stride, ...pad], out };
}

export const BUILT_OPERATORS = Object.keys(OPERATORS) as BuiltOperatorName[];

type Value = { index: number; shape: number[]; zeroPoint: number };

/** An operator alone. */
export function randomOperator(name: BuiltOperatorName, draw: Draw): { file: Bytes; input: Bytes } {
  const image = [draw(1, 11), draw(1, 11), draw(1, 37)];
  const shape = name === "DENSE" || name === "ARGMAX" ? [[draw(1, 9), draw(1, 300)], [draw(1, 300)]][draw(0, 1)]! : image;
  const x = { index: 0, shape, zeroPoint: draw(-128, 127) };
  const builder = createModelBuilder(shape, x.zeroPoint);
  const y = addOperator(name, draw, builder, x, []);
  return { file: builder.build(y.index), input: new Uint8Array(int8s(draw, elements(shape)).buffer) };
}

/** Several operators on an image, each on any activation before it; the last may be an ARGMAX. */
export function randomGraph(draw: Draw): { file: Bytes; input: Bytes } {
  const x = { index: 0, shape: [draw(1, 9), draw(1, 9), draw(1, 20)], zeroPoint: draw(-128, 127) };
  const builder = createModelBuilder(x.shape, x.zeroPoint);
  const values: Value[] = [x];
  const inner = BUILT_OPERATORS.filter((name) => name !== "ARGMAX");
  for (let n = draw(2, 9); n > 0; n--) {
    const from = values[draw(0, 2) === 0 ? draw(0, values.length - 1) : values.length - 1]!;
    const fitting = from.shape.length === 3 ? inner : inner.filter((name) => ["DENSE", "ADD", "LUT8", "RESHAPE"].includes(name));
    values.push(addOperator(fitting[draw(0, fitting.length - 1)]!, draw, builder, from, values));
  }
  const last = draw(0, 3) === 0 ? addOperator("ARGMAX", draw, builder, values.at(-1)!, values) : values.at(-1)!;
  return { file: builder.build(last.index), input: new Uint8Array(int8s(draw, elements(x.shape)).buffer) };
}

function addOperator(name: BuiltOperatorName, draw: Draw, builder: ModelBuilder, x: Value, values: readonly Value[]): Value {
  const { shape, zeroPoint: zeroIn } = x;
  const zeroOut = draw(-128, 127);
  const channels = shape.at(-1)!;
  const kernel = [draw(1, shape[0]!), draw(1, shape[1] ?? 1)].map((side) => Math.min(side, 5));
  const taps = kernel[0]! * kernel[1]!;
  const weight = (dimensions: number[]) => ({ shape: dimensions, data: int8s(draw, elements(dimensions)) });
  const finish = (inputs: Parameters<ModelBuilder["add"]>[1], out: number[], attributes: number[], zeroPoint = zeroOut): Value => {
    const index = builder.add(name, inputs, { shape: out, zeroPoint }, attributes);
    return { index, shape: out, zeroPoint };
  };
  const n = draw(1, 21);
  const window = slide(draw, shape, kernel);
  switch (name) {
    case "CONV2D":
      return finish(
        [x.index, weight([n, ...kernel, channels]), ...scales(draw, n)],
        [...window.out, n],
        [...window.attributes, ...requantisation(draw)],
      );
    case "DWCONV2D": {
      const weights = { shape: [...kernel, channels], data: int8s(draw, taps * channels) };
      return finish(
        [x.index, weights, ...scales(draw, channels)],
        [...window.out, channels],
        [...window.attributes, ...requantisation(draw)],
      );
    }
    case "DENSE":
      return finish([x.index, weight([n, channels]), ...scales(draw, n)], [...shape.slice(0, -1), n], requantisation(draw));
    case "ADD": {
      const alike = values.filter((value) => value.index !== x.index && value.shape.join() === shape.join());
      // Where there is none, the second operand is a table of the first, so that both vary.
      const other =
        alike[draw(0, 99) % alike.length]?.index ?? builder.add("LUT8", [x.index, weight([256])], { shape, zeroPoint: zeroOut });
      return finish([x.index, other], shape, [draw(0, 32_767), draw(0, 32_767), ...requantisation(draw)], draw(-128, 127));
    }
    case "LUT8":
      return finish([x.index, weight([256])], shape, []);
    case "RESHAPE":
      return finish([x.index], [elements(shape)], [], zeroIn);
    case "ARGMAX":
      return { ...x, index: builder.add(name, [x.index], { shape: [...shape.slice(0, -1), 1], dtype: "int32" }) };
    case "MAXPOOL":
    case "AVGPOOL":
      return finish([x.index], [...window.out, channels], [...kernel, ...window.attributes], zeroIn);
  }
}
