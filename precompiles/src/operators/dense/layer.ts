/**
 * DENSE: input [..., K], weights int8 [N, K], bias int32 [N], multipliers uint16 [N] -> [..., N].
 * Attributes: shift, lo, hi. Arithmetic as CONV2D. Without multipliers and attributes the output is int32: acc itself.
 */
import { MAX_INNER } from "../../format/limits.ts";
import type { Layer, Sums, Weights } from "../shared/layer.ts";
import { type Operands, rowsOf, sameShape, sumsOf, weightsOf } from "../shared/operands.ts";
import { denseWork } from "../shared/work.ts";

type Scales = Pick<Weights, "multipliers" | "requantisation">;

/** Without scales the output is int32. */
export interface Dense extends Layer, Sums, Partial<Scales> {}

export function readDense(operands: Operands): Dense {
  const scaled = operands.outputType() === "int8";
  if (scaled) operands.expect(4, 3);
  else operands.expect(3, 0);
  const [input, output] = [operands.activation(0), operands.output(scaled ? "int8" : "int32")];
  const [n, k] = operands.weightShape(1, 2) as [number, number];
  operands.require(input.shape.at(-1) === k && sameShape(output.shape, [...input.shape.slice(0, -1), n]), `weights for ${k} to ${n}`);
  operands.require(k <= MAX_INNER, `inner dimension ${k}, limit ${MAX_INNER}`);
  const weights = scaled ? weightsOf(operands, [n, k], n, 0) : sumsOf(operands, [n, k], n);
  return { input, output, ...weights, ...denseWork(rowsOf(input.shape), k, n) };
}
