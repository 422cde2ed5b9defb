/** The checks that operators share; every failure is MODEL_SHAPE_INVALID and names the operator. */
import { fail } from "../../errors.ts";
import { MAX_ROW } from "../../format/limits.ts";
import { type DType, elements, type Operator, type Tensor } from "../../format/types.ts";
import type { Activation, Operand, Requantisation, Scales, Sums, Window } from "./layer.ts";
import { roundUp, TILE } from "./work.ts";

export interface Operands {
  readonly inputs: number;
  /** How many inputs there are, and attributes where said, besides the one output. */
  expect(inputs: number, attributes?: number): void;
  activation(i: number, dtype?: DType): Activation;
  /** An int8 activation or weight. */
  operand(i: number): Operand;
  dtypeOf(i: number): DType;
  outputType(): DType;
  weight(i: number, dtype: "int8", shape: readonly number[]): Int8Array;
  weight(i: number, dtype: "int32", shape: readonly number[]): Int32Array;
  weight(i: number, dtype: "uint16", shape: readonly number[]): Uint16Array;
  weightShape(i: number, rank: number): readonly number[];
  output(dtype?: DType): Activation;
  attribute(i: number, min: number, max: number): number;
  require(condition: boolean, why: string): void;
}

/** `name`: of the operator, for messages. */
export function operandsOf(name: string, operator: Operator, tensors: readonly Tensor[]): Operands {
  const requireThat = (condition: boolean, why: string) => {
    if (!condition) fail("MODEL_SHAPE_INVALID", `${name}: ${why}`);
  };
  const operand = (index: number, dtype: DType): Operand => {
    const tensor = tensors[index]!;
    requireThat(tensor.dtype === dtype, `tensor ${index} is not of ${dtype}`);
    return { index, tensor, shape: tensor.shape, zeroPoint: tensor.zeroPoint };
  };
  const activation = (index: number, dtype: DType): Activation => {
    requireThat(tensors[index]!.role === "activation", `tensor ${index} is not an activation`);
    return operand(index, dtype);
  };
  const weight = (i: number, dtype: DType, shape: readonly number[]) => {
    const tensor = tensors[operator.inputs[i]!]!;
    const fits = tensor.role === "weight" && tensor.dtype === dtype && sameShape(tensor.shape, shape);
    requireThat(fits, `input ${i} is not a weight of ${dtype} [${shape}]`);
    return tensor.data;
  };
  return {
    inputs: operator.inputs.length,
    expect(inputs, attributes = operator.attributes.length) {
      requireThat(operator.inputs.length === inputs, `${operator.inputs.length} inputs where ${inputs} are expected`);
      requireThat(operator.outputs.length === 1, `${operator.outputs.length} outputs where 1 is expected`);
      requireThat(operator.attributes.length === attributes, `${operator.attributes.length} attributes where ${attributes} are expected`);
    },
    activation: (i, dtype = "int8") => activation(operator.inputs[i]!, dtype),
    operand: (i) => operand(operator.inputs[i]!, "int8"),
    dtypeOf: (i) => tensors[operator.inputs[i]!]!.dtype,
    outputType: () => tensors[operator.outputs[0]!]!.dtype,
    weight: weight as Operands["weight"],
    weightShape(i, rank) {
      const { shape } = tensors[operator.inputs[i]!]!;
      requireThat(shape.length === rank, `input ${i} has rank ${shape.length} where ${rank} is expected`);
      return shape;
    },
    output: (dtype = "int8") => activation(operator.outputs[0]!, dtype),
    attribute(i, min, max) {
      const value = operator.attributes[i]!;
      requireThat(value >= min && value <= max, `attribute ${i} is ${value}, not ${min} to ${max}`);
      return value;
    },
    require: requireThat,
  };
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}

/** Input 1 beside `a`: of its shape, or a row for all of its rows. */
export function secondOperand(operands: Operands, a: Operand): Operand {
  const b = operands.operand(1);
  const row = [...a.shape.slice(0, -1).fill(1), a.shape.at(-1)!];
  operands.require(
    sameShape(a.shape, b.shape) || sameShape(row, b.shape),
    "the second input has neither the shape of the first nor its rows'",
  );
  return b;
}

/** Rows of the output for which the second operand is used: one where it has all its elements. */
export function rowsOfPair({ shape }: Operand, other: Operand): { rows: number; length: number } {
  const [total, length] = [elements(shape), elements(other.shape)];
  return { rows: total / length, length };
}

/** The length of rows that are normalised; as many as 32-bit sums allow. */
export function rowLength(operands: Operands, { shape }: Operand): number {
  const length = shape.at(-1)!;
  operands.require(length <= MAX_ROW, `rows of ${length} elements, limit ${MAX_ROW}`);
  return length;
}

/** Attributes from, from + 1, from + 2. */
export function requantisation(operands: Operands, from: number): Requantisation {
  const [lo, hi] = [operands.attribute(from + 1, -128, 127), operands.attribute(from + 2, -128, 127)];
  operands.require(lo <= hi, `clamp from ${lo} to ${hi}`);
  return { shift: operands.attribute(from, 1, 31), lo, hi };
}

/** Inputs 1 and 2: weights of this shape, the output's channels before all others, and bias for each channel. */
export function sumsOf(operands: Operands, shape: readonly number[]): Pick<Sums, "weights" | "bias" | "laidOutBytes"> {
  const [n, ...inner] = shape as [number, ...number[]];
  const laidOutBytes = roundUp(n, TILE.n) * roundUp(elements(inner), TILE.k);
  return { weights: operands.weight(1, "int8", shape), bias: operands.weight(2, "int32", [n]), laidOutBytes };
}

/** Input 3, M in [0, 2^15) for each channel; requantisation from attribute `from` on. */
export function scalesOf(operands: Operands, channels: number, from: number): Scales {
  const multipliers = operands.weight(3, "uint16", [channels]);
  operands.require(
    multipliers.every((m) => m < 2 ** 15),
    "a multiplier is not below 2^15",
  );
  return { multipliers, requantisation: requantisation(operands, from) };
}

/** Strides and padding from six attributes at `from`, and the output's height and width that follow. A window holds at least one real element. */
export function slide(operands: Operands, from: number, kernelY: number, kernelX: number, input: Activation, output: Activation): Window {
  const [strideY, strideX] = [operands.attribute(from, 1, 2 ** 16), operands.attribute(from + 1, 1, 2 ** 16)];
  const [padTop, padLeft] = [operands.attribute(from + 2, 0, kernelY - 1), operands.attribute(from + 3, 0, kernelX - 1)];
  const [padBottom, padRight] = [operands.attribute(from + 4, 0, kernelY - 1), operands.attribute(from + 5, 0, kernelX - 1)];
  operands.require(input.shape.length === 3 && output.shape.length === 3, "an image is not [height, width, channels]");
  const along = (size: number, pad: number, kernel: number, stride: number) => Math.floor((size + pad - kernel) / stride) + 1;
  const height = along(input.shape[0]!, padTop + padBottom, kernelY, strideY);
  const width = along(input.shape[1]!, padLeft + padRight, kernelX, strideX);
  operands.require(height === output.shape[0] && width === output.shape[1], `output is not ${height} x ${width}`);
  return { kernelY, kernelX, strideY, strideX, padTop, padLeft, padBottom, padRight };
}

/** Rows of a matrix product: 1 for a vector, the product of all dimensions but the last otherwise. */
export function rowsOf(shape: readonly number[]): number {
  return elements(shape.slice(0, -1));
}
