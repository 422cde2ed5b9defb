/** What a validator may be asked to hold and run (inference.md section 2), checked before anything is allocated. */
import { fail } from "../errors.ts";
import { elementBytes, type Tensor } from "./types.ts";

export const MAX_OPERATORS = 4096;
export const MAX_DIMENSION = 2 ** 16;
export const MAX_WEIGHT_BYTES = 16 * 2 ** 20;
/** All activations of one run together. */
export const MAX_ACTIVATION_BYTES = 64 * 2 ** 20;
/**
 * Multiply-accumulates of all INFER calls of a transaction together, counted in units, so that every operator counts. A model
 * whose one inference takes more could never be called.
 */
export const MAX_UNITS_PER_TX = 1_000_000_000;
/** Weights as the kernels hold them: columns of one element take tiles of 64 bytes, 8 times those of the file. */
export const MAX_LAID_OUT_BYTES = 48 * 2 ** 20;
/** Products summed into one accumulator: above it an honest model could wrap, since x - zeroPoint reaches 255. */
export const MAX_INNER = 65_535;
/** The same of two activations. */
export const MAX_INNER_OF_ACTIVATIONS = 32_767;
/** Elements that softmax and norms sum in 32 bits. */
export const MAX_ROW = 32_768;
/** 4,096 operators with all their tensors take less. */
export const MAX_HEADER_BYTES = 2 ** 20;

export function exceed(what: string, value: number | bigint, limit: number): never {
  fail("MODEL_LIMIT_EXCEEDED", `${what}: ${value}, limit ${limit}`, { what, value: String(value), limit });
}

function shapeBytes(tensor: Tensor): bigint {
  return tensor.shape.reduce((product, dimension) => product * BigInt(dimension), BigInt(elementBytes(tensor.dtype)));
}

/** Four dimensions of 2^16 are 2^64 elements: the sums are in bigint. Throws MODEL_LIMIT_EXCEEDED. */
export function checkSizes(tensors: readonly Tensor[]): void {
  let weights = 0n;
  let activations = 0n;
  for (const tensor of tensors) {
    for (const dimension of tensor.shape) if (dimension > MAX_DIMENSION) exceed("dimension", dimension, MAX_DIMENSION);
    if (tensor.role === "weight") weights += alignedBig(shapeBytes(tensor));
    else activations += shapeBytes(tensor);
  }
  if (weights > BigInt(MAX_WEIGHT_BYTES)) exceed("bytes of weights", weights, MAX_WEIGHT_BYTES);
  if (activations > BigInt(MAX_ACTIVATION_BYTES)) exceed("bytes of activations", activations, MAX_ACTIVATION_BYTES);
}

function alignedBig(bytes: bigint): bigint {
  return ((bytes + 63n) / 64n) * 64n;
}
