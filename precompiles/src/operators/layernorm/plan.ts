import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import { rowsOf } from "../shared/operands.ts";
import type { Layernorm } from "./layer.ts";

export function planLayernorm({ input: { shape }, gain, bias, requantisation }: Layernorm, memory: PlanMemory): Descriptor {
  return { count: rowsOf(shape), channels: shape.at(-1)!, multipliers: memory.plain(gain), bias: memory.plain(bias), ...requantisation };
}
