/** LUT8: any unary function as a table. Input, table int8 [256] -> the same shape: y = table[x + 128]. No attributes. */
import { elements, type Operator, type Tensor } from "../types.ts";
import { elementwiseWork, type Work } from "../work.ts";
import { type Activation, operandsOf, sameShape } from "./operands.ts";

export interface Lut8 extends Work {
  kind: "lut8";
  input: Activation;
  output: Activation;
  table: Int8Array;
}

export function readLut8(operator: Operator, tensors: readonly Tensor[]): Lut8 {
  const operands = operandsOf(operator, tensors, 2, 0);
  const [input, output] = [operands.activation(0), operands.output()];
  operands.require(sameShape(input.shape, output.shape), "shapes differ");
  return { kind: "lut8", input, output, table: operands.weight(1, "int8", [256]), ...elementwiseWork(elements(output.shape)) };
}
