/**
 * A model laid out in one linear memory: operator descriptors, weights as the kernels read them, activations, scratch.
 * Every size follows from shapes, so that memory is reserved once, when the model is loaded.
 */

import type { Layer } from "../model/layers/layer.ts";
import type { Window } from "../model/layers/operands.ts";
import { rowsOf } from "../model/layers/operands.ts";
import type { LoadedModel } from "../model/load.ts";
import { elements, tensorBytes } from "../model/types.ts";
import { roundUp } from "../model/work.ts";
import { packColumns, padRows } from "./wasm-weights.ts";

/** Words of a descriptor, in order: kernels/assembly/descriptor.ts. */
export const FIELDS = [
  ...["kind", "x", "other", "y", "height", "width", "channels", "outHeight", "outWidth", "outChannels", "kernelY", "kernelX"],
  ...["strideY", "strideX", "padTop", "padLeft", "zeroX", "zeroOther", "zeroY", "weights", "bias", "multipliers", "shift", "lo", "hi"],
  ...["scratch", "chunkRows", "paddedK", "multiplierA", "multiplierB", "count"],
] as const;
export const DESCRIPTOR_BYTES = 128;

/** Where the kernels' own globals end. */
const FIRST_ADDRESS = 4096;
/** Kernels may write this much beyond a tensor. */
const SLACK = 16;
/** Patches that are made at once: about half of a small core's second-level cache. */
const CHUNK_BYTES = 65_536;

type Descriptor = Record<string, number>;

export interface WasmPlan {
  descriptors: readonly Descriptor[];
  planAddress: number;
  /** Constant bytes and where they go. */
  constants: readonly { at: number; data: ArrayBufferView }[];
  input: number;
  output: number;
  totalBytes: number;
}

interface Builder {
  reserve(bytes: number): number;
  constant(data: ArrayBufferView): number;
  address(tensor: number): number;
  scratch: { bytes: number };
}

export function planModel(loaded: LoadedModel): WasmPlan {
  let next = FIRST_ADDRESS;
  const reserve = (bytes: number) => {
    const at = next;
    next += roundUp(bytes + SLACK, 64);
    return at;
  };
  const constants: { at: number; data: ArrayBufferView }[] = [];
  const constant = (data: ArrayBufferView) => {
    const at = reserve(data.byteLength);
    constants.push({ at, data });
    return at;
  };
  const addresses = loaded.model.tensors.map((tensor) => (tensor.role === "activation" ? reserve(tensorBytes(tensor)) : 0));
  const builder: Builder = { reserve, constant, address: (i) => addresses[i]!, scratch: { bytes: 64 } };
  const planAddress = reserve(loaded.layers.length * DESCRIPTOR_BYTES);
  const descriptors = loaded.layers.map((layer) => describe(layer, builder));
  const scratch = reserve(builder.scratch.bytes);
  for (const descriptor of descriptors) descriptor.scratch = scratch;
  const [input, output] = [addresses[loaded.model.input]!, addresses[loaded.model.output]!];
  return { descriptors, planAddress, constants, input, output, totalBytes: next };
}

function describe(layer: Layer, builder: Builder): Descriptor {
  const { input, output } = layer;
  const common = { x: builder.address(input.index), y: builder.address(output.index), zeroX: input.zeroPoint, zeroY: output.zeroPoint };
  switch (layer.kind) {
    case "conv2d":
      return {
        ...common,
        kind: 1,
        ...image(layer),
        ...product(layer, layer.window.kernelY * layer.window.kernelX * input.shape[2]!, builder),
      };
    case "dense":
      return { ...common, kind: 3, ...rowsAsImage(layer), ...product(layer, input.shape.at(-1)!, builder) };
    case "depthwise": {
      const padded = roundUp(input.shape[2]!, 8);
      const weights = builder.constant(padRows(layer.weights, input.shape[2]!, padded));
      return { ...common, kind: 2, ...image(layer), weights, ...scales(layer, padded, builder) };
    }
    case "maxpool":
    case "avgpool":
      return { ...common, kind: layer.kind === "maxpool" ? 7 : 8, ...image(layer) };
    case "add": {
      const { multiplierA, multiplierB, requantisation, other } = layer;
      const second = { other: builder.address(other.index), zeroOther: other.zeroPoint };
      return { ...common, kind: 5, ...second, multiplierA, multiplierB, ...requantisation, count: elements(output.shape) };
    }
    case "lut8":
      return { ...common, kind: 9, weights: builder.constant(layer.table), count: elements(output.shape) };
    case "reshape":
      return { ...common, kind: 18, count: elements(output.shape) };
    case "argmax":
      return { ...common, kind: 19, channels: input.shape.at(-1)!, count: rowsOf(input.shape) };
  }
}

function image({ input, output, window }: Layer & { window: Window }): Descriptor {
  const [height, width, channels] = input.shape as [number, number, number];
  const [outHeight, outWidth, outChannels] = output.shape as [number, number, number];
  return { ...window, height, width, channels, outHeight, outWidth, outChannels };
}

/** A dense layer is a 1 x 1 convolution over a column of rows. */
function rowsAsImage({ input, output }: Layer): Descriptor {
  const rows = rowsOf(input.shape);
  const size = { height: rows, width: 1, channels: input.shape.at(-1)!, outHeight: rows, outWidth: 1, outChannels: output.shape.at(-1)! };
  return { ...size, kernelY: 1, kernelX: 1, strideY: 1, strideX: 1, padTop: 0, padLeft: 0 };
}

type Weighted = Layer & { weights: Int8Array; bias: Int32Array; multipliers: Uint16Array };

function product(layer: Layer & Weighted & { kind: "conv2d" | "dense" }, k: number, builder: Builder): Descriptor {
  const n = layer.output.shape.at(-1)!;
  const paddedK = roundUp(k, 8);
  const rows = roundUp(rowsOf(layer.output.shape), 4);
  const chunkRows = Math.min(rows, Math.max(4, Math.floor(CHUNK_BYTES / (8 * paddedK)) * 4));
  builder.scratch.bytes = Math.max(builder.scratch.bytes, chunkRows * paddedK * 2);
  return { paddedK, chunkRows, weights: builder.constant(packColumns(layer.weights, n, k)), ...scales(layer, roundUp(n, 8), builder) };
}

function scales(
  { bias, multipliers, requantisation }: Layer & Weighted & { kind: "conv2d" | "dense" | "depthwise" },
  padded: number,
  builder: Builder,
) {
  const widen = (values: Int32Array | Uint16Array) => {
    const out = new Int32Array(padded);
    out.set(values);
    return builder.constant(out);
  };
  return { ...requantisation, bias: widen(bias), multipliers: widen(multipliers) };
}
