/**
 * CONV2D: input [H, W, C], weights int8 [N, KH, KW, C], bias int32 [N], multipliers uint16 [N] -> [OH, OW, N].
 * Attributes: stride y, x; padding top, left, bottom, right; shift, lo, hi.
 * acc = bias + sum of (x - zero point of the input) * w, mod 2^32; padding is the input's zero point; then requantised.
 */
import { MAX_INNER } from "../limits.ts";
import type { Operator, Tensor } from "../types.ts";
import { denseWork, type Work } from "../work.ts";
import { type Activation, multipliers, operandsOf, type Requantisation, requantisation, slide, type Window } from "./operands.ts";

export interface Conv2d extends Work {
  kind: "conv2d";
  input: Activation;
  output: Activation;
  window: Window;
  weights: Int8Array;
  bias: Int32Array;
  multipliers: Uint16Array;
  requantisation: Requantisation;
}

export function readConv2d(operator: Operator, tensors: readonly Tensor[]): Conv2d {
  const operands = operandsOf(operator, tensors, 4, 9);
  const [input, output] = [operands.activation(0), operands.output()];
  const [n, kernelY, kernelX, c] = operands.weightShape(1, 4) as [number, number, number, number];
  const window = slide(operands, 0, kernelY, kernelX, input, output);
  operands.require(input.shape[2] === c && output.shape[2] === n, `weights for ${c} to ${n} channels`);
  operands.require(kernelY * kernelX * c <= MAX_INNER, `inner dimension ${kernelY * kernelX * c}, limit ${MAX_INNER}`);
  return {
    kind: "conv2d",
    input,
    output,
    window,
    weights: operands.weight(1, "int8", [n, kernelY, kernelX, c]),
    bias: operands.weight(2, "int32", [n]),
    multipliers: multipliers(operands, 3, n),
    requantisation: requantisation(operands, 6),
    ...denseWork(output.shape[0]! * output.shape[1]!, kernelY * kernelX * c, n),
  };
}
