import type { Descriptor } from "../shared/descriptor.ts";
import { imageOf } from "../shared/plan-parts.ts";
import type { Pool } from "./layer.ts";

export function planPool(layer: Pool): Descriptor {
  return imageOf(layer);
}
