import type { Descriptor } from "../shared/descriptor.ts";
import { rowsOfPair } from "../shared/plan-parts.ts";
import type { Mul } from "./layer.ts";

export function planMul(layer: Mul): Descriptor {
  const { others, multiplier, requantisation } = layer;
  return { multiplierA: multiplier, ...requantisation, ...rowsOfPair(layer, others) };
}
