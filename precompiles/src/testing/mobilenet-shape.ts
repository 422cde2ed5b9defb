/** A model of MobileNetV2's shape at 224 x 224 (300 million MACs), with seeded weights: what it computes does not matter, what it costs does. */
import type { Bytes } from "@noema/core/bytes";
import { elements } from "../format/types.ts";
import { createModelBuilder } from "../model/model-builder.ts";
import { createDraw } from "./draw.ts";

/** Expansion, channels, repeats, stride of the first: Sandler et al. 2018, table 2. */
const BLOCKS = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

type Value = { index: number; side: number; channels: number };

export function mobilenetShape(seed: number): Bytes {
  const draw = createDraw(seed);
  const builder = createModelBuilder([224, 224, 3]);
  const weight = (...shape: number[]) => ({ shape, data: Int8Array.from({ length: elements(shape) }, () => draw(-127, 127)) });
  /** Multipliers that keep sums of `inner` products in the range of int8. */
  const scales = (n: number, inner: number) => [
    { shape: [n], data: Int32Array.from({ length: n }, () => draw(-2000, 2000)) },
    { shape: [n], data: Uint16Array.from({ length: n }, () => Math.round(draw(12_000, 30_000) / Math.sqrt(inner))) },
  ];
  const convolve = ({ index, side, channels }: Value, n: number, kernel: number, stride: number, lo = 0): Value => {
    const pad = kernel >> 1;
    const out = Math.floor((side + 2 * pad - kernel) / stride) + 1;
    const inputs = [index, weight(n, kernel, kernel, channels), ...scales(n, kernel * kernel * channels)];
    const attributes = [stride, stride, pad, pad, pad, pad, 5, lo, 127];
    return { index: builder.add("CONV2D", inputs, { shape: [out, out, n] }, attributes), side: out, channels: n };
  };
  const depthwise = ({ index, side, channels }: Value, stride: number): Value => {
    const out = Math.floor((side - 1) / stride) + 1;
    const inputs = [index, weight(3, 3, channels), ...scales(channels, 9)];
    const attributes = [stride, stride, 1, 1, 1, 1, 5, 0, 127];
    return { index: builder.add("DWCONV2D", inputs, { shape: [out, out, channels] }, attributes), side: out, channels };
  };
  let x = convolve({ index: builder.input, side: 224, channels: 3 }, 32, 3, 2);
  for (const [expansion, channels, repeats, firstStride] of BLOCKS)
    for (let i = 0; i < repeats; i++) {
      const stride = i === 0 ? firstStride : 1;
      const wide = expansion === 1 ? x : convolve(x, x.channels * expansion, 1, 1);
      const made = convolve(depthwise(wide, stride), channels, 1, 1, -128);
      const { side } = made;
      const isResidual = stride === 1 && x.channels === channels;
      const index = isResidual
        ? builder.add("ADD", [x.index, made.index], { shape: [side, side, channels] }, [8192, 8192, 14, -128, 127])
        : made.index;
      x = { index, side, channels };
    }
  x = convolve(x, 1280, 1, 1);
  const pooled = builder.add("AVGPOOL", [x.index], { shape: [1, 1, 1280] }, [x.side, x.side, 1, 1, 0, 0, 0, 0]);
  const vector = builder.add("RESHAPE", [pooled], { shape: [1280] });
  return builder.build(builder.add("DENSE", [vector, weight(1000, 1280), ...scales(1000, 1280)], { shape: [1000] }, [5, -128, 127]));
}
