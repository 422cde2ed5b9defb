/**
 * MUL: a, b of its shape or a row -> the shape of a. Attributes: M in [0, 2^15); shift, lo, hi.
 * acc = (a - za) * (b - zb), at most 255^2; then requantised.
 */
import type { Layer, Operand, Requantisation } from "../shared/layer.ts";
import { type Operands, requantisation, rowsOfPair, sameShape, secondOperand } from "../shared/operands.ts";
import { rowsWork } from "../shared/work.ts";

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
  const { rows, length } = rowsOfPair(output, others[0]);
  return { input, others, output, multiplier, requantisation: requantisation(operands, 1), ...rowsWork(rows, length) };
}
