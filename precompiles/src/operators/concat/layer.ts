/**
 * CONCAT: 2 to 16 int8 activations or weights that differ in size along one axis at most -> their sizes along it added.
 * Attribute: axis. The output's zero point is that of each activation.
 */
import { elements } from "../../format/types.ts";
import type { Layer, Operand } from "../shared/layer.ts";
import { type Axes, axesOf, runsOfMove } from "../shared/moves.ts";
import { type Operands, sameShape } from "../shared/operands.ts";
import { stridesOf } from "../shared/places.ts";
import { moveWork } from "../shared/work.ts";

const MAX_PARTS = 16;

export interface Concat extends Layer {
  others: readonly Operand[];
  axis: number;
  /** Of each input. */
  axes: readonly Axes[];
}

export function readConcat(operands: Operands): Concat {
  operands.require(operands.inputs >= 2 && operands.inputs <= MAX_PARTS, `${operands.inputs} inputs, not 2 to ${MAX_PARTS}`);
  operands.expect(operands.inputs, 1);
  const parts = Array.from({ length: operands.inputs }, (_, i) => operands.operand(i)) as [Operand, ...Operand[]];
  const [[input, ...others], output] = [parts, operands.output()];
  const axis = operands.attribute(0, 0, output.shape.length - 1);
  const beside = (shape: readonly number[]) => [shape.length, ...shape.slice(0, axis), ...shape.slice(axis + 1)];
  for (const { shape, zeroPoint, tensor } of parts) {
    operands.require(sameShape(beside(shape), beside(output.shape)), `sizes differ beside axis ${axis}`);
    operands.require(tensor.role === "weight" || zeroPoint === output.zeroPoint, "zero point changes");
  }
  const size = parts.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  operands.require(size === output.shape[axis], `sizes along axis ${axis} add up to ${size}`);
  const axes = parts.map(({ shape }) => axesOf(shape, stridesOf(shape), stridesOf(output.shape)));
  const runs = axes.map(runsOfMove).reduce((sum, part) => ({ near: sum.near + part.near, far: sum.far + part.far }));
  return { input, others, output, axis, axes, ...moveWork(elements(output.shape), runs) };
}
