/**
 * DENSE: input [..., K], weights int8 [N, K], bias int32 [N], multipliers uint16 [N] -> [..., N].
 * Attributes: shift, lo, hi. Arithmetic as CONV2D.
 */
import { MAX_INNER } from "../limits.ts";
import type { Operator, Tensor } from "../types.ts";
import { denseWork, type Work } from "../work.ts";
import { type Activation, multipliers, operandsOf, type Requantisation, requantisation, rowsOf, sameShape } from "./operands.ts";

export interface Dense extends Work {
  kind: "dense";
  input: Activation;
  output: Activation;
  weights: Int8Array;
  bias: Int32Array;
  multipliers: Uint16Array;
  requantisation: Requantisation;
}

export function readDense(operator: Operator, tensors: readonly Tensor[]): Dense {
  const operands = operandsOf(operator, tensors, 4, 3);
  const [input, output] = [operands.activation(0), operands.output()];
  const [n, k] = operands.weightShape(1, 2) as [number, number];
  operands.require(input.shape.at(-1) === k && sameShape(output.shape, [...input.shape.slice(0, -1), n]), `weights for ${k} to ${n}`);
  operands.require(k <= MAX_INNER, `inner dimension ${k}, limit ${MAX_INNER}`);
  return {
    kind: "dense",
    input,
    output,
    weights: operands.weight(1, "int8", [n, k]),
    bias: operands.weight(2, "int32", [n]),
    multipliers: multipliers(operands, 3, n),
    requantisation: requantisation(operands, 0),
    ...denseWork(rowsOf(input.shape), k, n),
  };
}
