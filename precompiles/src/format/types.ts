/**
 * A model: static shapes, integers only, no batch dimension. Images are [height, width, channels].
 * Tensors stand in order of first appearance: the model's input first, then operator by operator its inputs before its
 * outputs; so every activation is made by an operator before it is read, and one graph has one numbering.
 */
export const DTYPES = ["int8", "int32", "uint16"] as const;
export type DType = (typeof DTYPES)[number];
export type TensorData = Int8Array | Int32Array | Uint16Array;

export interface Tensor {
  role: "activation" | "weight";
  dtype: DType;
  /** The integer that stands for 0; 0 unless an int8 activation. */
  zeroPoint: number;
  /** 1 to 4 dimensions, each 1 to 2^16. */
  shape: readonly number[];
  /** Of a weight: its elements, row-major. */
  data?: TensorData;
}

/** As in the file: a record that can hold every operator of the set. Indices of tensors; attributes are int32. */
export interface Operator {
  code: number;
  inputs: readonly number[];
  outputs: readonly number[];
  attributes: readonly number[];
}

export interface Model {
  tensors: readonly Tensor[];
  operators: readonly Operator[];
  /** Indices of tensors; the input is 0. */
  input: number;
  output: number;
}

const BYTES: Record<DType, number> = { int8: 1, int32: 4, uint16: 2 };

export function elementBytes(dtype: DType): number {
  return BYTES[dtype];
}

/** Elements of a shape whose product is known to be small (checked by the decoder). */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

export function tensorBytes(tensor: Tensor): number {
  return elements(tensor.shape) * elementBytes(tensor.dtype);
}
