/** Files that are legal but for their size or cost, or that want most memory for their bytes. */
import type { Bytes } from "@noema/core/bytes";
import { createModelBuilder } from "../model/model-builder.ts";

const scales = (n: number) => [
  { shape: [n], data: new Int32Array(n) },
  { shape: [n], data: new Uint16Array(n) },
];

/** `times` products of a row of k elements by n x k, all by the same weights, or each by its own. */
export function manyProducts(times: number, n: number, k: number, shared: boolean): Bytes {
  const builder = createModelBuilder([k]);
  const spec = () => ({ shape: [n, k], data: new Int8Array(n * k).fill(1) });
  const [weights, rest] = [spec(), scales(n)];
  let y = 0;
  for (let i = 0; i < times; i++) y = builder.add("DENSE", [0, shared ? weights : spec(), ...rest], { shape: [n] }, [8, -128, 127]);
  return builder.build(y);
}

/** One after another, each by the same k x k. */
export function chainOfProducts(times: number, k: number): Bytes {
  const builder = createModelBuilder([k]);
  const weights = [{ shape: [k, k], data: new Int8Array(k * k).fill(1) }, ...scales(k)];
  let y = 0;
  for (let i = 0; i < times; i++) y = builder.add("DENSE", [y, ...weights], { shape: [k] }, [8, -128, 127]);
  return builder.build(y);
}

/** A depthwise kernel of one channel, whose weights are laid out in rows of eight. */
export function tallDepthwise(times: number): Bytes {
  const builder = createModelBuilder([1, 1, 1]);
  const weights = () => ({ shape: [255, 257, 1], data: new Int8Array(255 * 257).fill(1) });
  let y = 0;
  for (let i = 0; i < times; i++)
    y = builder.add("DWCONV2D", [0, weights(), ...scales(1)], { shape: [1, 1, 1] }, [1, 1, 254, 256, 0, 0, 8, -128, 127]);
  return builder.build(y);
}

/** As many operators with as many inputs as a header holds. */
export function manyConcats(): Bytes {
  const builder = createModelBuilder([1]);
  let x = 0;
  for (let i = 0; i < 4096; i++) {
    const wide = i % 2 === 0;
    const inputs = wide ? Array.from({ length: 16 }, () => x) : [x];
    x = wide ? builder.add("CONCAT", inputs, { shape: [16] }, [0]) : builder.add("SLICE", inputs, { shape: [1] }, [3, 1]);
  }
  return builder.build(x);
}

/** 64 MiB of activations, less what the output takes, and 16 MiB of weights. */
export function largest(): Bytes {
  const builder = createModelBuilder([2048, 8192]);
  let x = 0;
  for (let i = 0; i < 2; i++) x = builder.add("LUT8", [x, { shape: [256], data: new Int8Array(256) }], { shape: [2048, 8192] });
  const flat = builder.add("SLICE", [x], { shape: [1, 4096] }, [0, 0, 1, 1]);
  const weights = { shape: [3840, 4096], data: new Int8Array(3840 * 4096).fill(5) };
  return builder.build(builder.add("DENSE", [flat, weights, ...scales(3840)], { shape: [1, 3840] }, [8, -128, 127]));
}
