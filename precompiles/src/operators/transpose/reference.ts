import { eachPlace, indexOf, stridesOf } from "../shared/places.ts";
import type { Transpose } from "./layer.ts";

export function runTranspose({ input, output, permutation }: Transpose, y: Int8Array, x: Int8Array): void {
  const strides = stridesOf(input.shape);
  const permuted = permutation.map((p) => strides[p]!);
  eachPlace(output.shape, (place, index) => {
    y[index] = x[indexOf(place, permuted)]!;
  });
}
