import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import { rowsOf } from "../shared/operands.ts";
import type { Layernorm } from "./layer.ts";

export function planLayernorm({ input: { shape }, gain, bias, requantisation }: Layernorm, memory: PlanMemory): Descriptor {
  const plain = (data: Int32Array) => memory.constant(data, "plain", () => data);
  return { count: rowsOf(shape), channels: shape.at(-1)!, multipliers: plain(gain), bias: plain(bias), ...requantisation };
}
