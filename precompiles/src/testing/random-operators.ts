/** For each operator how to add one to a model, with random attributes and weights, extremes included. */
import { MAX_DIMENSION } from "../format/limits.ts";
import { elements } from "../format/types.ts";
import type { OperatorName } from "../operators/table.ts";
import { type Draw, int32, once, oneOf } from "./draw.ts";
import * as parts from "./random-parts.ts";
import { int8Weight, type Making, requantisation, type Value } from "./random-parts.ts";

interface RandomOperator {
  /** Whether it takes an activation of this shape. */
  fits?(x: Value): boolean;
  /** Adds it on x, and what it needs before it. */
  add(making: Making, x: Value): Value;
  /** Its output is int32: nothing but the model's output. */
  last?: boolean;
}

/** Elements that a product of two activations may give: 13 of them stay below what a transaction may compute. */
const MAX_PRODUCT = 2 ** 20;

const rank =
  (least: number, most = 4) =>
  ({ shape }: Value) =>
    shape.length >= least && shape.length <= most;
const isImage = rank(3, 3);
/** Whether the product of its rows by all of its rows is small: of 20,000 rows it is 400 million elements. */
const isOfFewRows = (x: Value) => rank(2)(x) && elements(x.shape.toSpliced(-1, 1, x.shape.at(-2)!)) <= MAX_PRODUCT;
const zero = (draw: Draw) => draw(-128, 127);

function finish(
  { builder }: Making,
  name: OperatorName,
  inputs: Parameters<typeof builder.add>[1],
  y: Omit<Value, "index">,
  attributes: number[] = [],
): Value {
  return { ...y, index: builder.add(name, inputs, y, attributes) };
}

function convolution(making: Making, x: Value): Value {
  const { draw } = making;
  const [n, channels] = [draw(1, 21), x.shape[2]!];
  const { kernel, attributes, out } = parts.windowOn(draw, x.shape);
  const inputs = [x.index, int8Weight(making, [n, ...kernel, channels]), parts.biasOf(making, n), parts.multipliersOf(making, n)];
  return finish(making, "CONV2D", inputs, { shape: [...out, n], zeroPoint: zero(draw) }, [...attributes, ...requantisation(draw)]);
}

function depthwise(making: Making, x: Value): Value {
  const { draw } = making;
  const channels = x.shape[2]!;
  const { kernel, attributes, out } = parts.windowOn(draw, x.shape);
  const inputs = [
    x.index,
    int8Weight(making, [...kernel, channels]),
    parts.biasOf(making, channels),
    parts.multipliersOf(making, channels),
  ];
  return finish(making, "DWCONV2D", inputs, { shape: [...out, channels], zeroPoint: zero(draw) }, [...attributes, ...requantisation(draw)]);
}

function dense(making: Making, x: Value): Value {
  const { draw } = making;
  const [n, k] = [draw(1, 21), x.shape.at(-1)!];
  const inputs = [x.index, int8Weight(making, [n, k]), parts.biasOf(making, n), parts.multipliersOf(making, n)];
  return finish(making, "DENSE", inputs, { shape: [...x.shape.slice(0, -1), n], zeroPoint: zero(draw) }, requantisation(draw));
}

/** b made of x, or x itself, by a permutation of its last two dimensions. */
function matmul(making: Making, x: Value): Value {
  const { draw } = making;
  const other = parts.another(making, x);
  const m = x.shape.at(-2)!;
  const transposed = once(draw, 2);
  const b = transposed
    ? other
    : transpose(making, other, [...x.shape.map((_, i) => i).slice(0, -2), x.shape.length - 1, x.shape.length - 2]);
  const y = { shape: [...x.shape.slice(0, -2), m, m], zeroPoint: zero(draw) };

  return finish(making, "MATMUL", [x.index, b.index], y, [Number(transposed), parts.multiplier(draw), ...requantisation(draw)]);
}

/** An activation or weight, of the shape of x or a row. */
function second(making: Making, x: Value) {
  const row = [...x.shape.slice(0, -1).fill(1), x.shape.at(-1)!];
  const kind = making.draw(0, 3);
  if (kind === 0) return int8Weight(making, row);
  return kind === 1 ? int8Weight(making, x.shape) : parts.another(making, x).index;
}

function add(making: Making, x: Value): Value {
  const { draw } = making;
  const attributes = [draw(0, 32_767), draw(0, 32_767), ...requantisation(draw)];
  return finish(making, "ADD", [x.index, second(making, x)], { shape: x.shape, zeroPoint: zero(draw) }, attributes);
}

function mul(making: Making, x: Value): Value {
  const { draw } = making;
  const attributes = [parts.multiplier(draw), ...requantisation(draw)];
  return finish(making, "MUL", [x.index, second(making, x)], { shape: x.shape, zeroPoint: zero(draw) }, attributes);
}

const pool = (name: "MAXPOOL" | "AVGPOOL") => (making: Making, x: Value) => {
  const { kernel, attributes, out } = parts.windowOn(making.draw, x.shape);
  return finish(making, name, [x.index], { shape: [...out, x.shape[2]!], zeroPoint: x.zeroPoint }, [...kernel, ...attributes]);
};

function softmax(making: Making, x: Value): Value {
  const { draw } = making;
  const kind = draw(0, 3);
  const exponentials = Uint16Array.from(
    { length: 256 },
    (_, i) => [Math.max(0, 65_535 - 300 * i), 65_535, Number(i === 0), draw(Number(i === 0), 65_535)][kind]!,
  );
  const causal = x.shape.length > 1 && once(draw, 2);
  const attributes = [Number(causal), causal ? oneOf(draw, [0, draw(0, 5), 2 ** 16]) : 0];
  return finish(making, "SOFTMAX", [x.index, { shape: [256], data: exponentials }], { shape: x.shape, zeroPoint: 0 }, attributes);
}

function layernorm(making: Making, x: Value): Value {
  const { draw } = making;
  const k = x.shape.at(-1)!;
  const gains = {
    shape: [k],
    data: Int32Array.from({ length: k }, () => (once(draw, 10) ? oneOf(draw, [-32_767, 0, 32_767]) : draw(-32_767, 32_767))),
  };
  const wide = once(draw, 4);
  const bias = { shape: [k], data: Int32Array.from({ length: k }, () => (wide ? int32(draw) : draw(-(2 ** 20), 2 ** 20))) };
  const scale = once(draw, 4) ? requantisation(draw) : [draw(12, 16), -128, 127];
  return finish(making, "LAYERNORM", [x.index, gains, bias], { shape: x.shape, zeroPoint: zero(draw) }, scale);
}

/** The largest exponent and multiplier that the bounds allow, or any below. */
function rmsnorm(making: Making, x: Value): Value {
  const { draw } = making;
  const size = 128 + Math.abs(x.zeroPoint);
  const exponents = Array.from({ length: 16 }, (_, i) => 2 * i).filter((e) => x.shape.at(-1)! * size * size * 2 ** e < 2 ** 32);
  const exponent = once(draw, 2) ? exponents.at(-1)! : oneOf(draw, exponents);
  const scale = requantisation(draw);
  const most = Math.min(2 ** 32, (2 ** 31 - 2 ** (scale[0]! - 1)) * 2 ** (exponent / 2)) - 1;
  const multiplier = once(draw, 4) ? oneOf(draw, [0, most]) : draw(0, most);
  return finish(making, "RMSNORM", [x.index], { shape: x.shape, zeroPoint: zero(draw) }, [multiplier | 0, exponent, ...scale]);
}

function gather(making: Making, x: Value): Value {
  const { draw } = making;
  const [rows, width] = [oneOf(draw, [1, 200, 256, 300]), draw(1, 12)];
  return finish(making, "GATHER", [x.index, int8Weight(making, [rows, width])], { shape: [...x.shape, width], zeroPoint: zero(draw) });
}

function concat(making: Making, x: Value): Value {
  const { draw, values } = making;
  const axis = draw(0, x.shape.length - 1);
  const beside = (shape: readonly number[]) => [shape.length, ...shape.toSpliced(axis, 1)].join();
  const alike = values.filter(({ shape, zeroPoint }) => zeroPoint === x.zeroPoint && beside(shape) === beside(x.shape));
  const drawn = Array.from({ length: draw(1, once(draw, 4) ? 15 : 3) }, () => {
    if (alike.length > 0 && once(draw, 2)) return oneOf(draw, alike);
    return int8Weight(making, x.shape.with(axis, draw(1, 5)));
  });
  let size = x.shape[axis]!;
  const fitting = drawn.filter(({ shape }) => {
    const fits = size + shape[axis]! <= MAX_DIMENSION;
    if (fits) size += shape[axis]!;
    return fits;
  });
  const inputs = [x.index, ...fitting.map((part) => ("index" in part ? part.index : part))];
  return finish(making, "CONCAT", inputs, { shape: x.shape.with(axis, size), zeroPoint: x.zeroPoint }, [axis]);
}

function slice(making: Making, x: Value): Value {
  const { draw } = making;
  const starts = x.shape.map((size) => (once(draw, 2) ? 0 : draw(0, size - 1)));
  const steps = x.shape.map((size) => (once(draw, 3) ? draw(1, size) : 1));
  const shape = x.shape.map((size, i) => draw(1, Math.floor((size - 1 - starts[i]!) / steps[i]!) + 1));
  return finish(making, "SLICE", [x.index], { shape, zeroPoint: x.zeroPoint }, [...starts, ...steps]);
}

function pad(making: Making, x: Value): Value {
  const { draw } = making;
  const [before, after] = [0, 1].map(() => x.shape.map(() => (once(draw, 2) ? 0 : draw(0, 4)))) as [number[], number[]];
  const shape = x.shape.map((size, i) => before[i]! + size + after[i]!);
  return finish(making, "PAD", [x.index], { shape, zeroPoint: x.zeroPoint }, [...before, ...after]);
}

function transpose(making: Making, x: Value, permutation: number[]): Value {
  return finish(making, "TRANSPOSE", [x.index], { shape: permutation.map((p) => x.shape[p]!), zeroPoint: x.zeroPoint }, permutation);
}

function permuted(making: Making, x: Value): Value {
  const left = x.shape.map((_, i) => i);
  return transpose(
    making,
    x,
    x.shape.map(() => left.splice(making.draw(0, left.length - 1), 1)[0]!),
  );
}

/** Into one dimension, or the last two into one. */
function reshape(making: Making, x: Value): Value {
  const shape = x.shape.length > 2 && once(making.draw, 2) ? [...x.shape.slice(0, -2), elements(x.shape.slice(-2))] : [elements(x.shape)];
  return finish(making, "RESHAPE", [x.index], { shape, zeroPoint: x.zeroPoint });
}

function argmax({ builder }: Making, x: Value): Value {
  return { ...x, index: builder.add("ARGMAX", [x.index], { shape: [...x.shape.slice(0, -1), 1], dtype: "int32" }) };
}

function topk({ builder, draw }: Making, x: Value): Value {
  const k = once(draw, 2) ? draw(1, Math.min(5, x.shape.at(-1)!)) : draw(1, x.shape.at(-1)!);
  return { ...x, index: builder.add("TOPK", [x.index], { shape: [...x.shape.slice(0, -1), k], dtype: "int32" }, [k]) };
}

/** DENSE without scales. */
export function logits(making: Making, x: Value): Value {
  const [n, k] = [making.draw(1, 21), x.shape.at(-1)!];
  const inputs = [x.index, int8Weight(making, [n, k]), parts.biasOf(making, n)];
  return { ...x, index: making.builder.add("DENSE", inputs, { shape: [...x.shape.slice(0, -1), n], dtype: "int32" }) };
}

export const RANDOM_OPERATORS: Record<OperatorName, RandomOperator> = {
  CONV2D: { fits: isImage, add: convolution },
  DWCONV2D: { fits: isImage, add: depthwise },
  DENSE: { add: dense },
  MATMUL: { fits: isOfFewRows, add: matmul },
  ADD: { add },
  MUL: { add: mul },
  MAXPOOL: { fits: isImage, add: pool("MAXPOOL") },
  AVGPOOL: { fits: isImage, add: pool("AVGPOOL") },
  LUT8: {
    add: (making, x) => finish(making, "LUT8", [x.index, int8Weight(making, [256])], { shape: x.shape, zeroPoint: zero(making.draw) }),
  },
  SOFTMAX: { add: softmax },
  LAYERNORM: { add: layernorm },
  RMSNORM: { add: rmsnorm },
  GATHER: { fits: rank(1, 3), add: gather },
  CONCAT: { add: concat },
  SLICE: { add: slice },
  PAD: { add: pad },
  TRANSPOSE: { add: permuted },
  RESHAPE: { add: reshape },
  ARGMAX: { add: argmax, last: true },
  TOPK: { add: topk, last: true },
};
