import { elements } from "../../format/types.ts";
import type { Descriptor } from "../shared/descriptor.ts";
import { moveOf } from "../shared/moves.ts";
import { indexOf, stridesOf } from "../shared/places.ts";
import type { Pad } from "./layer.ts";

export function planPad({ input, output, before }: Pad): Descriptor {
  const [from, to] = [stridesOf(input.shape), stridesOf(output.shape)];
  const axes = input.shape.map((size, i) => ({ size, from: from[i]!, to: to[i]! }));
  return { ...moveOf(axes), toOffset: indexOf(before, to), count: elements(output.shape) };
}
