/** A small model with a convolution, a pool, a reshape and a dense layer, whose bytes are a golden file of the format. */
import type { Bytes } from "@noema/core/bytes";
import { createModelBuilder } from "../model/model-builder.ts";

const ramp = (n: number, step: number) => Int8Array.from({ length: n }, (_, i) => ((i * step) % 255) - 127);

export function smallModel(): Bytes {
  const builder = createModelBuilder([4, 4, 2], -128);
  const scales = (n: number) => [
    { shape: [n], data: Int32Array.from({ length: n }, (_, i) => 1000 * i - 1500) },
    { shape: [n], data: Uint16Array.from({ length: n }, (_, i) => 16_384 + 100 * i) },
  ];
  const conv = { shape: [3, 3, 3, 2], data: ramp(54, 37) };
  let x = builder.add("CONV2D", [0, conv, ...scales(3)], { shape: [4, 4, 3], zeroPoint: -128 }, [1, 1, 1, 1, 1, 1, 8, -128, 127]);
  x = builder.add("MAXPOOL", [x], { shape: [2, 2, 3], zeroPoint: -128 }, [2, 2, 2, 2, 0, 0, 0, 0]);
  x = builder.add("RESHAPE", [x], { shape: [12], zeroPoint: -128 });
  x = builder.add("DENSE", [x, { shape: [5, 12], data: ramp(60, 53) }, ...scales(5)], { shape: [5], zeroPoint: 3 }, [9, -128, 127]);
  return builder.build(x);
}
