import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import { rowsOf } from "../shared/operands.ts";
import { productOf } from "../shared/plan-parts.ts";
import type { Dense } from "./layer.ts";

/** A 1 x 1 convolution over a column of rows. */
export function planDense(layer: Dense, memory: PlanMemory): Descriptor {
  const { input, output } = layer;
  const [rows, channels, outChannels] = [rowsOf(input.shape), input.shape.at(-1)!, output.shape.at(-1)!];
  const size = { height: rows, width: 1, channels, outHeight: rows, outWidth: 1, outChannels };
  return { ...size, kernelY: 1, kernelX: 1, strideY: 1, strideX: 1, ...productOf(layer, channels, memory) };
}
