import type { Descriptor } from "../shared/descriptor.ts";
import { moveOf } from "../shared/moves.ts";
import { indexOf, stridesOf } from "../shared/places.ts";
import type { Slice } from "./layer.ts";

export function planSlice({ input, output, starts, steps }: Slice): Descriptor {
  const [from, to] = [stridesOf(input.shape), stridesOf(output.shape)];
  const axes = output.shape.map((size, i) => ({ size, from: from[i]! * steps[i]!, to: to[i]! }));
  return { ...moveOf(axes), fromOffset: indexOf(starts, from) };
}
