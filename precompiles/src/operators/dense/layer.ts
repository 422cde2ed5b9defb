/**
 * DENSE: input [..., K], weights int8 [N, K], bias int32 [N], multipliers uint16 [N] -> [..., N].
 * Attributes: shift, lo, hi. Arithmetic as CONV2D.
 */
import { MAX_INNER } from "../../format/limits.ts";
import type { Layer, Weights } from "../shared/layer.ts";
import { type Operands, rowsOf, sameShape, weightsOf } from "../shared/operands.ts";
import { denseWork } from "../shared/work.ts";

export interface Dense extends Layer, Weights {}

export function readDense(operands: Operands): Dense {
  operands.expect(4, 3);
  const [input, output] = [operands.activation(0), operands.output()];
  const [n, k] = operands.weightShape(1, 2) as [number, number];
  operands.require(input.shape.at(-1) === k && sameShape(output.shape, [...input.shape.slice(0, -1), n]), `weights for ${k} to ${n}`);
  operands.require(k <= MAX_INNER, `inner dimension ${k}, limit ${MAX_INNER}`);
  return { input, output, ...weightsOf(operands, [n, k], n, 0), ...denseWork(rowsOf(input.shape), k, n) };
}
