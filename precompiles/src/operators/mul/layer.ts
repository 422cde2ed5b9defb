/**
 * MUL: a, b of its shape or a row -> the shape of a. Attributes: M in [0, 2^15); shift, lo, hi.
 * acc = (a - za) * (b - zb), at most 255^2; then requantised.
 */
import { elements } from "../../format/types.ts";
import type { Layer, Operand, Requantisation } from "../shared/layer.ts";
import { type Operands, requantisation, sameShape, secondOperand } from "../shared/operands.ts";
import { elementwiseWork } from "../shared/work.ts";

export interface Mul extends Layer {
  others: readonly [Operand];
  multiplier: number;
  requantisation: Requantisation;
}

export function readMul(operands: Operands): Mul {
  operands.expect(2, 4);
  const [input, output] = [operands.activation(0), operands.output()];
  const others = [secondOperand(operands, input)] as const;
  operands.require(sameShape(input.shape, output.shape), "shapes differ");
  const multiplier = operands.attribute(0, 0, 2 ** 15 - 1);
  return { input, others, output, multiplier, requantisation: requantisation(operands, 1), ...elementwiseWork(elements(output.shape)) };
}
