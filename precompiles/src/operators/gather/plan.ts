import { elementBytes, elements } from "../../format/types.ts";
import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import type { Gather } from "./layer.ts";

export function planGather({ input, table, rows, width }: Gather, memory: PlanMemory): Descriptor {
  const index = { indexBytes: elementBytes(input.tensor.dtype), indexOffset: input.tensor.dtype === "int8" ? 128 : 0 };
  return { ...index, weights: memory.plain(table), height: rows, channels: width, count: elements(input.shape) };
}
