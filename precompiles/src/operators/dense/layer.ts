/**
 * DENSE: input [..., K], weights int8 [N, K], bias int32 [N], multipliers uint16 [N] -> [..., N].
 * Attributes: shift, lo, hi. Arithmetic as CONV2D. Without multipliers and attributes the output is int32: acc itself.
 */
import { MAX_INNER } from "../../format/limits.ts";
import type { Scales, Sums } from "../shared/layer.ts";
import { type Operands, rowsOf, sameShape, scalesOf, sumsOf } from "../shared/operands.ts";
import { denseWork } from "../shared/work.ts";

/** Without scales the output is int32. */
export interface Dense extends Sums, Partial<Scales> {}

export function readDense(operands: Operands): Dense {
  const scaled = operands.outputType() === "int8";
  if (scaled) operands.expect(4, 3);
  else operands.expect(3, 0);
  const [input, output] = [operands.activation(0), operands.output(scaled ? "int8" : "int32")];
  const [n, k] = operands.weightShape(1, 2) as [number, number];
  operands.require(input.shape.at(-1) === k && sameShape(output.shape, [...input.shape.slice(0, -1), n]), `weights for ${k} to ${n}`);
  operands.require(k <= MAX_INNER, `inner dimension ${k}, limit ${MAX_INNER}`);
  const scales = scaled ? scalesOf(operands, n, 0) : {};
  return { input, output, ...sumsOf(operands, [n, k]), ...scales, ...denseWork({ m: rowsOf(input.shape), k, n }) };
}
