import { elements } from "../../format/types.ts";
import type { Descriptor, PlanMemory } from "../shared/descriptor.ts";
import { moveOf } from "../shared/moves.ts";
import type { Concat } from "./layer.ts";

/** A move for each part: its runs along the axis, to where they begin in the output's. */
export function planConcat({ input, others, output, axis }: Concat, memory: PlanMemory): Descriptor[] {
  const outer = elements(output.shape.slice(0, axis));
  const run = elements(output.shape.slice(axis));
  let toOffset = 0;
  return [input, ...others].map((part) => {
    const bytes = elements(part.shape.slice(axis));
    const move = moveOf([
      { size: outer, from: bytes, to: run },
      { size: bytes, from: 1, to: 1 },
    ]);
    toOffset += bytes;
    return { ...move, x: memory.address(part), toOffset: toOffset - bytes };
  });
}
