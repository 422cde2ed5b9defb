/** Parts of descriptors that several operators have. */

import type { Descriptor, PlanMemory } from "./descriptor.ts";
import type { Layer, Scales, Sums, Window } from "./layer.ts";
import { rowsOf } from "./operands.ts";
import { packColumns } from "./packing.ts";
import { roundUp } from "./work.ts";

/** Patches that are made at once: a small core's first-level cache. */
const CHUNK_BYTES = 32_768;

/** A window that slides over an image. */
export function imageOf({ input, output, window }: Layer & { window: Window }): Descriptor {
  const [height, width, channels] = input.shape as [number, number, number];
  const [outHeight, outWidth, outChannels] = output.shape as [number, number, number];
  const { kernelY, kernelX, strideY, strideX, padTop, padLeft } = window;
  const size = { height, width, channels, outHeight, outWidth, outChannels };
  return { ...size, kernelY, kernelX, strideY, strideX, padTop, padLeft };
}

/** Of the kernel `product`: each output is a sum of k products. */
export function productOf(layer: Sums & Partial<Scales>, k: number, memory: PlanMemory): Descriptor {
  const n = layer.output.shape.at(-1)!;
  const paddedK = roundUp(k, 8);
  const rows = roundUp(rowsOf(layer.output.shape), 4);
  const chunkRows = Math.min(rows, Math.max(4, Math.floor(CHUNK_BYTES / (8 * paddedK)) * 4));
  memory.scratch(chunkRows * paddedK * 2);
  return {
    paddedK,
    chunkRows,
    weights: memory.constant(layer.weights, "columns", layer.laidOutBytes, (to) => packColumns(layer.weights, n, k, to)),
    ...scalesOf(layer, roundUp(n, 8), memory),
  };
}

/** Bias and multipliers as int32, filled with zeros to `padded` channels, and the requantisation; without multipliers the sums are the result. */
export function scalesOf({ bias, multipliers, requantisation }: Sums & Partial<Scales>, padded: number, memory: PlanMemory): Descriptor {
  const widen = (values: Int32Array | Uint16Array) =>
    memory.constant(values, "int32", 4 * padded, (to) => new Int32Array(to.buffer, to.byteOffset, padded).set(values));
  return { ...requantisation, bias: widen(bias), ...(multipliers === undefined ? { sums: 1 } : { multipliers: widen(multipliers) }) };
}
