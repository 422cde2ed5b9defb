import { eachPlace, indexOf, stridesOf } from "../shared/places.ts";
import type { Slice } from "./layer.ts";

export function runSlice({ input, output, starts, steps }: Slice, y: Int8Array, x: Int8Array): void {
  const strides = stridesOf(input.shape);
  eachPlace(output.shape, (place, index) => {
    const from = place.map((at, i) => starts[i]! + at * steps[i]!);
    y[index] = x[indexOf(from, strides)]!;
  });
}
