import { elements } from "../../format/types.ts";
import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import { moveOf } from "../shared/moves.ts";
import type { Concat } from "./layer.ts";

/** A move for each part. */
export function planConcat({ input, others, axis, axes }: Concat, memory: PlanMemory): Descriptor[] {
  let toOffset = 0;
  return [input, ...others].map((part, i) => {
    const move = { ...moveOf(axes[i]!), x: memory.address(part), toOffset };
    toOffset += elements(part.shape.slice(axis));
    return move;
  });
}
