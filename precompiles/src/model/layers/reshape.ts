/** RESHAPE: the same elements in the same order, the same zero point. No attributes: the output's shape says it. */
import { elements, type Operator, type Tensor } from "../types.ts";
import type { Work } from "../work.ts";
import { type Activation, operandsOf } from "./operands.ts";

export interface Reshape extends Work {
  kind: "reshape";
  input: Activation;
  output: Activation;
}

export function readReshape(operator: Operator, tensors: readonly Tensor[]): Reshape {
  const operands = operandsOf(operator, tensors, 1, 0);
  const [input, output] = [operands.activation(0), operands.output()];
  operands.require(elements(input.shape) === elements(output.shape), "the number of elements changes");
  operands.require(input.zeroPoint === output.zeroPoint, "the zero point changes");
  return { kind: "reshape", input, output, macs: 0, units: elements(output.shape) };
}
