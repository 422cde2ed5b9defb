/**
 * ADD: two inputs of one shape -> the same shape. Attributes: Ma, Mb in [0, 2^15); shift r, lo, hi.
 * acc = (a - za) * Ma + (b - zb) * Mb (at most 2^24), y = clamp(zo + ((acc + 2^(r-1)) >> r), lo, hi).
 */
import { elements, type Operator, type Tensor } from "../types.ts";
import { elementwiseWork, type Work } from "../work.ts";
import { type Activation, operandsOf, type Requantisation, requantisation, sameShape } from "./operands.ts";

export interface Add extends Work {
  kind: "add";
  input: Activation;
  other: Activation;
  output: Activation;
  multiplierA: number;
  multiplierB: number;
  requantisation: Requantisation;
}

export function readAdd(operator: Operator, tensors: readonly Tensor[]): Add {
  const operands = operandsOf(operator, tensors, 2, 5);
  const [input, other, output] = [operands.activation(0), operands.activation(1), operands.output()];
  operands.require(sameShape(input.shape, other.shape) && sameShape(input.shape, output.shape), "shapes differ");
  return {
    kind: "add",
    input,
    other,
    output,
    multiplierA: operands.attribute(0, 0, 2 ** 15 - 1),
    multiplierB: operands.attribute(1, 0, 2 ** 15 - 1),
    requantisation: requantisation(operands, 2),
    ...elementwiseWork(elements(output.shape)),
  };
}
