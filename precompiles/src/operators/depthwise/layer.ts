/**
 * DWCONV2D: input [H, W, C], weights int8 [KH, KW, C], bias int32 [C], multipliers uint16 [C] -> [OH, OW, C].
 * Attributes and arithmetic as CONV2D, each channel for itself.
 */
import { MAX_INNER } from "../../format/limits.ts";
import type { Scales, Sums, Window } from "../shared/layer.ts";
import { type Operands, scalesOf, slide } from "../shared/operands.ts";
import { depthwiseWork, roundUp, runsOf, TILE } from "../shared/work.ts";

export interface Depthwise extends Sums, Scales {
  window: Window;
}

export function readDepthwise(operands: Operands): Depthwise {
  operands.expect(4, 9);
  const [input, output] = [operands.activation(0), operands.output()];
  const [kernelY, kernelX, c] = operands.weightShape(1, 3) as [number, number, number];
  const window = slide(operands, 0, kernelY, kernelX, input, output);
  operands.require(input.shape[2] === c && output.shape[2] === c, `weights for ${c} channels`);
  operands.require(kernelY * kernelX <= MAX_INNER, `inner dimension ${kernelY * kernelX}, limit ${MAX_INNER}`);
  const positions = output.shape[0]! * output.shape[1]!;
  const work = depthwiseWork(positions, kernelY * kernelX, c, runsOf(positions, window));
  const weights = operands.weight(1, "int8", [kernelY, kernelX, c]);
  const bias = operands.weight(2, "int32", [c]);
  const laidOutBytes = 2 * roundUp(kernelY * kernelX, 2) * roundUp(c, TILE.n);
  return { input, output, window, weights, bias, laidOutBytes, ...scalesOf(operands, c, 6), ...work };
}
