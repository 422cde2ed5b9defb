import { eachPlace, indexOf, stridesOf } from "../shared/places.ts";
import type { Pad } from "./layer.ts";

export function runPad({ input, output, before }: Pad, y: Int8Array, x: Int8Array): void {
  const strides = stridesOf(output.shape);
  y.fill(output.zeroPoint);
  eachPlace(input.shape, (place, index) => {
    const to = place.map((at, i) => before[i]! + at);
    y[indexOf(to, strides)] = x[index]!;
  });
}
