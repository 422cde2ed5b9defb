/**
 * ADD: two inputs of one shape -> the same shape. Attributes: Ma, Mb in [0, 2^15); shift r, lo, hi.
 * acc = (a - za) * Ma + (b - zb) * Mb (at most 2^24), y = clamp(zo + ((acc + 2^(r-1)) >> r), lo, hi).
 */
import { elements } from "../../format/types.ts";
import type { Activation, Layer, Requantisation } from "../shared/layer.ts";
import { type Operands, requantisation, sameShape } from "../shared/operands.ts";
import { elementwiseWork } from "../shared/work.ts";

export interface Add extends Layer {
  other: Activation;
  multiplierA: number;
  multiplierB: number;
  requantisation: Requantisation;
}

export function readAdd(operands: Operands): Add {
  operands.expect(2, 5);
  const [input, other, output] = [operands.activation(0), operands.activation(1), operands.output()];
  operands.require(sameShape(input.shape, other.shape) && sameShape(input.shape, output.shape), "shapes differ");
  const [multiplierA, multiplierB] = [operands.attribute(0, 0, 2 ** 15 - 1), operands.attribute(1, 0, 2 ** 15 - 1)];
  const work = elementwiseWork(elements(output.shape));
  return { input, other, output, multiplierA, multiplierB, requantisation: requantisation(operands, 2), ...work };
}
