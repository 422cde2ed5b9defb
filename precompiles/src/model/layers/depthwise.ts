/**
 * DWCONV2D: input [H, W, C], weights int8 [KH, KW, C], bias int32 [C], multipliers uint16 [C] -> [OH, OW, C].
 * Attributes and arithmetic as CONV2D, each channel for itself.
 */
import { MAX_INNER } from "../limits.ts";
import type { Operator, Tensor } from "../types.ts";
import { depthwiseWork, type Work } from "../work.ts";
import { type Activation, multipliers, operandsOf, type Requantisation, requantisation, slide, type Window } from "./operands.ts";

export interface Depthwise extends Work {
  kind: "depthwise";
  input: Activation;
  output: Activation;
  window: Window;
  weights: Int8Array;
  bias: Int32Array;
  multipliers: Uint16Array;
  requantisation: Requantisation;
}

export function readDepthwise(operator: Operator, tensors: readonly Tensor[]): Depthwise {
  const operands = operandsOf(operator, tensors, 4, 9);
  const [input, output] = [operands.activation(0), operands.output()];
  const [kernelY, kernelX, c] = operands.weightShape(1, 3) as [number, number, number];
  const window = slide(operands, 0, kernelY, kernelX, input, output);
  operands.require(input.shape[2] === c && output.shape[2] === c, `weights for ${c} channels`);
  operands.require(kernelY * kernelX <= MAX_INNER, `inner dimension ${kernelY * kernelX}, limit ${MAX_INNER}`);
  return {
    kind: "depthwise",
    input,
    output,
    window,
    weights: operands.weight(1, "int8", [kernelY, kernelX, c]),
    bias: operands.weight(2, "int32", [c]),
    multipliers: multipliers(operands, 3, c),
    requantisation: requantisation(operands, 6),
    ...depthwiseWork(output.shape[0]! * output.shape[1]!, kernelY * kernelX, c),
  };
}
