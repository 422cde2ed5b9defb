import type { Descriptor } from "../shared/descriptor.ts";
import { axesOf, moveOf } from "../shared/moves.ts";
import { stridesOf } from "../shared/places.ts";
import type { Transpose } from "./layer.ts";

export function planTranspose({ input, output, permutation }: Transpose): Descriptor {
  const strides = stridesOf(input.shape);
  const from = permutation.map((p) => strides[p]!);
  return moveOf(axesOf(output.shape, from, stridesOf(output.shape)));
}
