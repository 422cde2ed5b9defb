import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import { rowsOf } from "../shared/operands.ts";
import type { Softmax } from "./layer.ts";

export function planSoftmax({ input: { shape }, table, offset }: Softmax, memory: PlanMemory): Descriptor {
  const channels = shape.at(-1)!;
  memory.scratch(2 * channels);
  const rows = { count: rowsOf(shape), height: shape.at(-2) ?? 1, channels };
  const lengths = offset === undefined ? { first: channels, growth: 0 } : { first: offset + 1, growth: 1 };
  return { ...rows, ...lengths, weights: memory.plain(table) };
}
