import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import { padRows } from "../shared/packing.ts";
import { imageOf, scalesOf } from "../shared/plan-parts.ts";
import { roundUp } from "../shared/work.ts";
import type { Depthwise } from "./layer.ts";

export function planDepthwise(layer: Depthwise, memory: PlanMemory): Descriptor {
  const channels = layer.input.shape[2]!;
  const padded = roundUp(channels, 8);
  const weights = memory.constant(layer.weights, "rows", layer.laidOutBytes, (to) => padRows(layer.weights, channels, padded, to));
  return { ...imageOf(layer), weights, ...scalesOf(layer, padded, memory) };
}
