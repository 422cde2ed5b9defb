/**
 * PAD: x -> y of the same rank and zero point, each dimension larger by what stands before and after; what is new is the zero
 * point. Attributes: for each dimension before, then for each after.
 */
import { elements } from "../../format/types.ts";
import type { Layer } from "../shared/layer.ts";
import { type Axes, axesOf, runsOfMove } from "../shared/moves.ts";
import type { Operands } from "../shared/operands.ts";
import { stridesOf } from "../shared/places.ts";
import { moveWork } from "../shared/work.ts";

export interface Pad extends Layer {
  before: readonly number[];
  axes: Axes;
}

export function readPad(operands: Operands): Pad {
  operands.expect(1);
  const [input, output] = [operands.activation(0), operands.output()];
  const rank = input.shape.length;
  operands.expect(1, 2 * rank);
  operands.require(output.shape.length === rank && input.zeroPoint === output.zeroPoint, "rank or zero point changes");
  const before = input.shape.map((_, i) => operands.attribute(i, 0, 2 ** 16));
  for (const [i, size] of input.shape.entries()) {
    const padded = before[i]! + size + operands.attribute(rank + i, 0, 2 ** 16);
    operands.require(output.shape[i] === padded, `dimension ${i} is not ${padded}`);
  }
  const axes = axesOf(input.shape, stridesOf(input.shape), stridesOf(output.shape));
  return { input, output, before, axes, ...moveWork(elements(output.shape), runsOfMove(axes)) };
}
