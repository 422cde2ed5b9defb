/**
 * How each operator runs on a GPU: its kernel, and what the kernel reads beside the shapes of its tensors. By the codes of
 * operators/table.ts; a model with another is left to WASM.
 */
import type { DType, Tensor, TensorData } from "../../format/types.ts";
import type { Add } from "../../operators/add/layer.ts";
import type { Conv2d } from "../../operators/conv2d/layer.ts";
import type { Dense } from "../../operators/dense/layer.ts";
import type { Depthwise } from "../../operators/depthwise/layer.ts";
import type { Gather } from "../../operators/gather/layer.ts";
import type { Layernorm } from "../../operators/layernorm/layer.ts";
import type { Lut8 } from "../../operators/lut8/layer.ts";
import type { Matmul } from "../../operators/matmul/layer.ts";
import type { Mul } from "../../operators/mul/layer.ts";
import type { Pool } from "../../operators/pool/layer.ts";
import type { Rmsnorm } from "../../operators/rmsnorm/layer.ts";
import type { Layer, Operand, Scales, Sums, Window } from "../../operators/shared/layer.ts";
import { rowsOf } from "../../operators/shared/operands.ts";
import type { Softmax } from "../../operators/softmax/layer.ts";
import type { KernelName } from "./kernels/table.ts";
import { packColumns, packRows, padded, sumsOfColumns, wordsOf } from "./layout.ts";
import { concat, pad, slice, transpose } from "./moves.ts";
import type { GpuStep } from "./step.ts";

export interface GpuConstants {
  /** Index of the first of so many words; the same source in the same form is held once. */
  put(source: TensorData, form: string, words: number, made: () => TensorData): number;
}

export interface GpuOperator<L extends Layer> {
  kernel: KernelName;
  /** The steps, mostly one, but for what follows from the tensors of the layer. */
  steps(layer: L, constants: GpuConstants): GpuStep | readonly GpuStep[];
  /** What each step reads first; undefined: the layer's input. */
  inputs?(layer: L): readonly Operand[];
}

const table = new Map<number, GpuOperator<Layer>>();
const operator = <L extends Layer>(code: number, kernel: KernelName, steps: GpuOperator<L>["steps"] = () => ({})) =>
  table.set(code, { kernel, steps } as unknown as GpuOperator<Layer>);

operator<Conv2d>(1, "product", (layer, constants) => {
  const { kernelY, kernelX } = layer.window;
  return { ...imageOf(layer), ...productOf(layer, kernelY * kernelX, layer.input.shape[2]!, constants) };
});
operator<Depthwise>(2, "depthwise", (layer, constants) => {
  const channels = layer.input.shape[2]!;
  const { kernelY, kernelX } = layer.window;
  const weights = constants.put(layer.weights, "rows", kernelY * kernelX * wordsOf(channels, "int8"), () =>
    packRows(layer.weights, channels),
  );
  return { ...imageOf(layer), weights, bias: widen(layer.bias, channels, constants), ...scalesOf(layer, channels, constants) };
});
operator<Dense>(3, "product", (layer, constants) => {
  const rows = rowsOf(layer.input.shape);
  const column = { height: rows, width: 1, outHeight: rows, outWidth: 1, kernelY: 1, kernelX: 1, strideY: 1, strideX: 1 };
  return { ...column, ...productOf(layer, 1, layer.input.shape.at(-1)!, constants) };
});
operator<Matmul>(4, "matmul", ({ m, transposed, multiplier, requantisation }) => ({
  ...{ matrixRows: m, transposed: Number(transposed), multiplierA: multiplier },
  ...requantisation,
}));
operator<Add>(5, "add", ({ multiplierA, multiplierB, requantisation }) => ({ multiplierA, multiplierB, ...requantisation }));
operator<Mul>(6, "mul", ({ multiplier, requantisation }) => ({ multiplierA: multiplier, ...requantisation }));
operator<Pool>(7, "maxpool", imageOf);
operator<Pool>(8, "avgpool", imageOf);
operator<Lut8>(9, "lut8", ({ table }, constants) => ({ weights: plain(table, constants) }));
operator<Softmax>(10, "softmax", ({ input, table, offset }, constants) => ({
  weights: plain(table, constants),
  ...(offset !== undefined && { period: input.shape.at(-2)!, reach: offset }),
}));
operator<Layernorm>(11, "layernorm", ({ input, gain, bias, requantisation }, constants) => {
  const k = input.shape.at(-1)!;
  return { weights: widen(gain, k, constants), bias: widen(bias, k, constants), ...requantisation };
});
operator<Rmsnorm>(12, "rmsnorm", ({ multiplier, exponent, requantisation }) => ({ unit: multiplier | 0, exponent, ...requantisation }));
operator<Gather>(13, "gather", ({ table, rows, width }, constants) => ({
  tableRows: rows,
  weights: constants.put(table, `rows of ${width}`, rows * wordsOf(width, "int8"), () => packRows(table, width)),
}));
table.set(14, concat).set(15, slice).set(16, pad).set(17, transpose);
operator<Layer>(18, "reshape");
operator<Layer>(19, "argmax");
operator<Layer>(20, "topk");

/** Undefined where no kernel for the operator is built. */
export function gpuOperator(code: number): GpuOperator<Layer> | undefined {
  return table.get(code);
}

/** `words`: of a row. */
export function shapeOf({ shape, dtype }: Tensor): { rows: number; length: number; words: number; dtype: DType } {
  const length = shape.at(-1)!;
  return { rows: rowsOf(shape), length, words: wordsOf(length, dtype), dtype };
}

function imageOf({ input, output, window }: Layer & { window: Window }): GpuStep {
  const [height, width] = input.shape;
  const [outHeight, outWidth] = output.shape;
  const { kernelY, kernelX, strideY, strideX, padTop, padLeft } = window;
  return { height, width, outHeight, outWidth, kernelY, kernelX, strideY, strideX, padTop, padLeft };
}

function productOf(layer: Sums & Partial<Scales>, taps: number, channels: number, constants: GpuConstants): GpuStep {
  const { weights, bias, multipliers, requantisation } = layer;
  const n = layer.output.shape.at(-1)!;
  const columnWords = wordsOf(n, "int8");
  const words = 4 * columnWords * taps * wordsOf(channels, "int8");
  return {
    columnWords,
    weights: constants.put(weights, `columns of ${taps}`, words, () => packColumns(weights, n, taps, channels)),
    sums: constants.put(weights, `sums of ${n}`, 4 * columnWords, () => padded(sumsOfColumns(weights, n), n)),
    bias: widen(bias, n, constants),
    ...(multipliers !== undefined && requantisation !== undefined && scalesOf({ multipliers, requantisation }, n, constants)),
  };
}

function scalesOf({ multipliers, requantisation }: Scales, channels: number, constants: GpuConstants): GpuStep {
  return { multipliers: widen(multipliers, channels, constants), ...requantisation };
}

/** A word for each, filled up to four. */
function widen(values: Int32Array | Uint16Array, channels: number, constants: GpuConstants): number {
  return constants.put(values, "int32", 4 * wordsOf(channels, "int8"), () => padded(values, channels));
}

/** As it is. */
export function plain(values: TensorData, constants: GpuConstants): number {
  return constants.put(values, "plain", Math.ceil(values.byteLength / 4), () => values);
}
