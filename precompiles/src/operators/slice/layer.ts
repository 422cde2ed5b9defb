/**
 * SLICE: x -> y of the same rank and zero point. Attributes: for each dimension its start, then for each its step.
 * y[i, j, ...] = x[start0 + i * step0, start1 + j * step1, ...], all inside x.
 */
import { elements } from "../../format/types.ts";
import type { Layer } from "../shared/layer.ts";
import { type Axes, axesOf, runsOfMove } from "../shared/moves.ts";
import type { Operands } from "../shared/operands.ts";
import { stridesOf } from "../shared/places.ts";
import { moveWork } from "../shared/work.ts";

export interface Slice extends Layer {
  starts: readonly number[];
  steps: readonly number[];
  axes: Axes;
}

export function readSlice(operands: Operands): Slice {
  operands.expect(1);
  const [input, output] = [operands.activation(0), operands.output()];
  const rank = input.shape.length;
  operands.expect(1, 2 * rank);
  operands.require(output.shape.length === rank && input.zeroPoint === output.zeroPoint, "rank or zero point changes");
  const starts = input.shape.map((_, i) => operands.attribute(i, 0, 2 ** 16));
  const steps = input.shape.map((_, i) => operands.attribute(rank + i, 1, 2 ** 16));
  for (const [i, size] of output.shape.entries())
    operands.require(starts[i]! + (size - 1) * steps[i]! < input.shape[i]!, `dimension ${i} ends outside the input`);
  const from = stridesOf(input.shape).map((stride, i) => stride * steps[i]!);
  const axes = axesOf(output.shape, from, stridesOf(output.shape));
  return { input, output, starts, steps, axes, ...moveWork(elements(output.shape), runsOfMove(axes)) };
}
