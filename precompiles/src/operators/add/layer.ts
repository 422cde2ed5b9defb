/**
 * ADD: a, b of its shape or a row -> the shape of a. Attributes: Ma, Mb in [0, 2^15); shift r, lo, hi.
 * acc = (a - za) * Ma + (b - zb) * Mb (at most 2^24), y = clamp(zo + ((acc + 2^(r-1)) >> r), lo, hi).
 */
import type { Layer, Operand, Requantisation } from "../shared/layer.ts";
import { type Operands, requantisation, rowsOfPair, sameShape, secondOperand } from "../shared/operands.ts";
import { rowsWork } from "../shared/work.ts";

export interface Add extends Layer {
  others: readonly [Operand];
  multiplierA: number;
  multiplierB: number;
  requantisation: Requantisation;
}

export function readAdd(operands: Operands): Add {
  operands.expect(2, 5);
  const [input, output] = [operands.activation(0), operands.output()];
  const others = [secondOperand(operands, input)] as const;
  operands.require(sameShape(input.shape, output.shape), "shapes differ");
  const [multiplierA, multiplierB] = [operands.attribute(0, 0, 2 ** 15 - 1), operands.attribute(1, 0, 2 ** 15 - 1)];
  const { rows, length } = rowsOfPair(output, others[0]);
  return { input, others, output, multiplierA, multiplierB, requantisation: requantisation(operands, 2), ...rowsWork(rows, length) };
}
