import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import { imageOf, productOf } from "../shared/plan-parts.ts";
import type { Conv2d } from "./layer.ts";

export function planConv2d(layer: Conv2d, memory: PlanMemory): Descriptor {
  const { kernelY, kernelX } = layer.window;
  return { ...imageOf(layer), ...productOf(layer, kernelY * kernelX * layer.input.shape[2]!, memory) };
}
