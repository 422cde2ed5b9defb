/** What operators' layers are made of: an operator after its checks, tensors resolved, attributes named, cost known. */
import type { Tensor } from "../../format/types.ts";
import type { Work } from "./work.ts";

export interface Activation {
  index: number;
  tensor: Tensor;
  shape: readonly number[];
  zeroPoint: number;
}

/** An int8 activation, or an int8 weight in its place. */
export type Operand = Activation;

export interface Layer extends Work {
  input: Operand;
  /** The further inputs that are activations or stand in the place of one. */
  others?: readonly Operand[];
  output: Activation;
  /** What the kernels multiply by, and its bytes in their form (inference.md section 2.2). */
  weights?: Int8Array;
  laidOutBytes?: number;
}

export interface Requantisation {
  /** r of the numeric rule, 1 to 31. */
  shift: number;
  /** Clamp of the result: a rectifier is lo = zero point. */
  lo: number;
  hi: number;
}

export interface Window {
  kernelY: number;
  kernelX: number;
  strideY: number;
  strideX: number;
  padTop: number;
  padLeft: number;
  padBottom: number;
  padRight: number;
}

/** Of an operator with weights: bias for each channel of the output. */
export interface Sums extends Layer {
  weights: Int8Array;
  laidOutBytes: number;
  bias: Int32Array;
}

/** M of the numeric rule for each channel. */
export interface Scales {
  multipliers: Uint16Array;
  requantisation: Requantisation;
}
