import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import { rowsOf } from "../shared/operands.ts";
import type { Topk } from "./layer.ts";

/** For each of the 256 values where its indices begin. */
const SCRATCH_BYTES = 4 * 257;

export function planTopk({ input: { shape }, k }: Topk, memory: PlanMemory): Descriptor {
  memory.scratch(SCRATCH_BYTES);
  return { count: rowsOf(shape), channels: shape.at(-1)!, top: k };
}
