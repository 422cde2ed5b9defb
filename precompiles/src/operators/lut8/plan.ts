import { elements } from "../../format/types.ts";
import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import type { Lut8 } from "./layer.ts";

export function planLut8({ output, table }: Lut8, memory: PlanMemory): Descriptor {
  return { weights: memory.plain(table), count: elements(output.shape) };
}
