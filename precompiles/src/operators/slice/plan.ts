import type { Descriptor } from "../shared/descriptor.ts";
import { moveOf } from "../shared/moves.ts";
import { indexOf, stridesOf } from "../shared/places.ts";
import type { Slice } from "./layer.ts";

export function planSlice({ input, starts, axes }: Slice): Descriptor {
  return { ...moveOf(axes), fromOffset: indexOf(starts, stridesOf(input.shape)) };
}
