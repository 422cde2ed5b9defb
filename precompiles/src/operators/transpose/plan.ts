import type { Descriptor } from "../shared/descriptor.ts";
import { moveOf } from "../shared/moves.ts";
import { stridesOf } from "../shared/places.ts";
import type { Transpose } from "./layer.ts";

export function planTranspose({ input, output, permutation }: Transpose): Descriptor {
  const [from, to] = [stridesOf(input.shape), stridesOf(output.shape)];
  return moveOf(output.shape.map((size, i) => ({ size, from: from[permutation[i]!]!, to: to[i]! })));
}
