/** ARGMAX: input [..., K] -> int32 [..., 1], the index of the largest of the last dimension; the lowest index wins ties. No attributes. */
import { elements, type Operator, type Tensor } from "../types.ts";
import { elementwiseWork, type Work } from "../work.ts";
import { type Activation, operandsOf, sameShape } from "./operands.ts";

export interface Argmax extends Work {
  kind: "argmax";
  input: Activation;
  output: Activation;
}

export function readArgmax(operator: Operator, tensors: readonly Tensor[]): Argmax {
  const operands = operandsOf(operator, tensors, 1, 0);
  const [input, output] = [operands.activation(0), operands.output("int32")];
  operands.require(sameShape(output.shape, [...input.shape.slice(0, -1), 1]), "output is not [..., 1]");
  return { kind: "argmax", input, output, ...elementwiseWork(elements(input.shape)) };
}
