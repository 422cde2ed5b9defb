/**
 * How each operator runs on a GPU: its kernel, and what the kernel reads beside the shapes of its tensors. `count`: invocations of
 * one input. By the codes of operators/table.ts; a model with another is left to WASM.
 */
import type { DType, Tensor, TensorData } from "../../format/types.ts";
import type { Add } from "../../operators/add/layer.ts";
import type { Conv2d } from "../../operators/conv2d/layer.ts";
import type { Dense } from "../../operators/dense/layer.ts";
import type { Depthwise } from "../../operators/depthwise/layer.ts";
import type { Lut8 } from "../../operators/lut8/layer.ts";
import type { Pool } from "../../operators/pool/layer.ts";
import type { Layer, Weights, Window } from "../../operators/shared/layer.ts";
import { rowsOf } from "../../operators/shared/operands.ts";
import type { KernelName } from "./kernels/table.ts";
import { packColumns, packRows, padded, sumsOfColumns, wordsOf } from "./layout.ts";
import type { GpuStep } from "./step.ts";

export interface GpuConstants {
  /** Index of the first of so many words; the same source in the same form is held once. */
  put(source: TensorData, form: string, words: number, made: () => Int8Array | Int32Array): number;
}

interface GpuOperator<L extends Layer> {
  kernel: KernelName;
  step(layer: L, constants: GpuConstants): GpuStep;
}

const table = new Map<number, GpuOperator<Layer>>();
const operator = <L extends Layer>(code: number, kernel: KernelName, step: GpuOperator<L>["step"] = () => ({})) =>
  table.set(code, { kernel, step } as unknown as GpuOperator<Layer>);

operator<Conv2d>(1, "product", (layer, constants) => {
  const { kernelY, kernelX } = layer.window;
  return { ...imageOf(layer), ...productOf(layer, kernelY * kernelX, layer.input.shape[2]!, constants) };
});
operator<Depthwise>(2, "depthwise", (layer, constants) => {
  const channels = layer.input.shape[2]!;
  const { kernelY, kernelX } = layer.window;
  const words = kernelY * kernelX * wordsOf(channels, "int8");
  const weights = constants.put(layer.weights, "rows", words, () => packRows(layer.weights, channels));
  return { ...imageOf(layer), weights, ...scalesOf(layer, channels, constants), ...layer.requantisation };
});
operator<Dense>(3, "product", (layer, constants) => {
  const rows = rowsOf(layer.input.shape);
  const column = { height: rows, width: 1, outHeight: rows, outWidth: 1, kernelY: 1, kernelX: 1, strideY: 1, strideX: 1 };
  return { ...column, ...productOf(layer, 1, layer.input.shape.at(-1)!, constants) };
});
operator<Add>(5, "add", ({ multiplierA, multiplierB, requantisation }) => ({ multiplierA, multiplierB, ...requantisation }));
operator<Pool>(7, "maxpool", imageOf);
operator<Pool>(8, "avgpool", imageOf);
operator<Lut8>(9, "lut8", ({ table }, constants) => ({ weights: constants.put(table, "plain", table.length / 4, () => table) }));
operator<Layer>(18, "reshape");
operator<Layer>(19, "argmax");

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

function productOf(layer: Layer & Weights, taps: number, channels: number, constants: GpuConstants): GpuStep {
  const { weights, requantisation } = layer;
  const n = layer.output.shape.at(-1)!;
  const columns = 4 * wordsOf(n, "int8");
  const words = columns * taps * wordsOf(channels, "int8");
  return {
    weights: constants.put(weights, `columns of ${taps}`, words, () => packColumns(weights, n, taps, channels)),
    sums: constants.put(weights, `sums of ${n}`, columns, () => padded(sumsOfColumns(weights, n), n)),
    ...scalesOf(layer, n, constants),
    ...requantisation,
  };
}

function scalesOf({ bias, multipliers }: Weights, channels: number, constants: GpuConstants): GpuStep {
  const words = 4 * wordsOf(channels, "int8");
  const put = (values: Int32Array | Uint16Array) => constants.put(values, "int32", words, () => padded(values, channels));
  return { bias: put(bias), multipliers: put(multipliers) };
}
