/** What operators' layers are made of: an operator after its checks, tensors resolved, attributes named, cost known. */
import type { Tensor } from "../../format/types.ts";
import type { Work } from "./work.ts";

export interface Activation {
  index: number;
  tensor: Tensor;
  shape: readonly number[];
  zeroPoint: number;
}

export interface Layer extends Work {
  input: Activation;
  /** Second input of those that have two activations. */
  other?: Activation;
  output: Activation;
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

/** Of an operator with weights: bias and M of the numeric rule for each channel of the output. */
export interface Weights {
  weights: Int8Array;
  bias: Int32Array;
  multipliers: Uint16Array;
  requantisation: Requantisation;
}
