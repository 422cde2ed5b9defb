/**
 * CONV2D: input [H, W, C], weights int8 [N, KH, KW, C], bias int32 [N], multipliers uint16 [N] -> [OH, OW, N].
 * Attributes: stride y, x; padding top, left, bottom, right; shift, lo, hi.
 * acc = bias + sum of (x - zero point of the input) * w, mod 2^32; padding is the input's zero point; then requantised.
 */
import { MAX_INNER } from "../../format/limits.ts";
import type { Scales, Sums, Window } from "../shared/layer.ts";
import { type Operands, scalesOf, slide, sumsOf } from "../shared/operands.ts";
import { denseWork, RUN, runsOf } from "../shared/work.ts";

export interface Conv2d extends Sums, Scales {
  window: Window;
}

export function readConv2d(operands: Operands): Conv2d {
  operands.expect(4, 9);
  const [input, output] = [operands.activation(0), operands.output()];
  const [n, kernelY, kernelX, c] = operands.weightShape(1, 4) as [number, number, number, number];
  const window = slide(operands, 0, kernelY, kernelX, input, output);
  const k = kernelY * kernelX * c;
  operands.require(input.shape[2] === c && output.shape[2] === n, `weights for ${c} to ${n} channels`);
  operands.require(k <= MAX_INNER, `inner dimension ${k}, limit ${MAX_INNER}`);
  const m = output.shape[0]! * output.shape[1]!;
  const work = denseWork({ m, k, n }, runsOf(m, window, RUN));
  return { input, output, window, ...sumsOf(operands, [n, kernelY, kernelX, c]), ...scalesOf(operands, n, 6), ...work };
}
