/**
 * MAXPOOL and AVGPOOL: input [H, W, C] -> [OH, OW, C], the same zero point.
 * Attributes: kernel y, x; stride y, x; padding top, left, bottom, right, each less than the kernel. Elements outside the
 * image do not take part: padding is no value of the image, and a window always holds at least one.
 * MAXPOOL: the largest element. AVGPOOL: floor((S + floor(n / 2)) / n), S the sum of the n elements inside the image.
 */
import { MAX_INNER } from "../../format/limits.ts";
import type { Layer, Window } from "../shared/layer.ts";
import { type Operands, slide } from "../shared/operands.ts";
import { poolWork, runsOf } from "../shared/work.ts";

export interface Pool extends Layer {
  window: Window;
}

export function readPool(operands: Operands): Pool {
  operands.expect(1, 8);
  const [input, output] = [operands.activation(0), operands.output()];
  const [kernelY, kernelX] = [operands.attribute(0, 1, 2 ** 16), operands.attribute(1, 1, 2 ** 16)];
  const window = slide(operands, 2, kernelY, kernelX, input, output);
  operands.require(kernelY * kernelX <= MAX_INNER, `window of ${kernelY * kernelX} elements, limit ${MAX_INNER}`);
  operands.require(input.shape[2] === output.shape[2] && input.zeroPoint === output.zeroPoint, "channels or zero point change");
  const positions = output.shape[0]! * output.shape[1]!;
  return { input, output, window, ...poolWork(positions, kernelY * kernelX, output.shape[2]!, runsOf(positions, window)) };
}
