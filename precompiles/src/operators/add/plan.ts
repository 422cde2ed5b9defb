import type { Descriptor } from "../shared/descriptor.ts";
import { rowsOfPair } from "../shared/plan-parts.ts";
import type { Add } from "./layer.ts";

export function planAdd(layer: Add): Descriptor {
  const { others, multiplierA, multiplierB, requantisation } = layer;
  return { multiplierA, multiplierB, ...requantisation, ...rowsOfPair(layer, others) };
}
