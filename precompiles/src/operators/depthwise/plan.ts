import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import { packTaps } from "../shared/packing.ts";
import { imageOf, scalesOf } from "../shared/plan-parts.ts";
import { roundUp } from "../shared/work.ts";
import type { Depthwise } from "./layer.ts";

/** Scratch: as the kernel says, a bias for each channel, a byte for each, an address for each tap and one more. */
export function planDepthwise(layer: Depthwise, memory: PlanMemory): Descriptor {
  const channels = layer.input.shape[2]!;
  const [taps, padded] = [layer.window.kernelY * layer.window.kernelX, roundUp(channels, 8)];
  memory.scratch(5 * padded + 4 * (taps + 1));
  const weights = memory.constant(layer.weights, "taps", layer.laidOutBytes, (to) => packTaps(layer.weights, taps, channels, to));
  return { ...imageOf(layer), weights, ...scalesOf(layer, padded, memory) };
}
