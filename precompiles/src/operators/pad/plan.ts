import { elements } from "../../format/types.ts";
import type { Descriptor } from "../shared/descriptor.ts";
import { moveOf } from "../shared/moves.ts";
import { indexOf, stridesOf } from "../shared/places.ts";
import type { Pad } from "./layer.ts";

export function planPad({ output, before, axes }: Pad): Descriptor {
  return { ...moveOf(axes), toOffset: indexOf(before, stridesOf(output.shape)), count: elements(output.shape) };
}
