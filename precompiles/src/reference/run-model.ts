/**
 * The judge: every operator in plain TypeScript, exactly as the numeric rule of inference.md section 3 says, in the order a
 * reader would write it. Slow on purpose; the kernels are held equal to it.
 */
import type { Bytes } from "@noema/core/bytes";
import { fail } from "../errors.ts";
import type { Layer } from "../model/layers/layer.ts";
import type { LoadedModel } from "../model/load.ts";
import { outputToBytes } from "../model/output-bytes.ts";
import { elements, type Tensor } from "../model/types.ts";
import { runConv2d } from "./conv2d.ts";
import { runDense } from "./dense.ts";
import { runDepthwise } from "./depthwise.ts";
import { runAdd, runArgmax, runLut8 } from "./elementwise.ts";
import { runPool } from "./pool.ts";

/** Value of an activation. */
export type Activations = Map<number, Int8Array | Int32Array>;

const zeros = (tensor: Tensor) =>
  tensor.dtype === "int32" ? new Int32Array(elements(tensor.shape)) : new Int8Array(elements(tensor.shape));

function runLayer(layer: Layer, values: Activations): void {
  const x = values.get(layer.input.index) as Int8Array;
  const out = zeros(layer.output.tensor);
  values.set(layer.output.index, out);
  const y = out as Int8Array;
  if (layer.kind === "conv2d") runConv2d(layer, x, y);
  else if (layer.kind === "depthwise") runDepthwise(layer, x, y);
  else if (layer.kind === "dense") runDense(layer, x, y);
  else if (layer.kind === "add") runAdd(layer, x, values.get(layer.other.index) as Int8Array, y);
  else if (layer.kind === "lut8") runLut8(layer, x, y);
  else if (layer.kind === "argmax") runArgmax(layer, x, out as Int32Array);
  else if (layer.kind === "reshape") y.set(x);
  else runPool(layer, x, y);
}

/** Input of `inputBytes` int8 values; output as the precompile returns it. Throws MODEL_INPUT_INVALID. */
export function runModel(loaded: LoadedModel, input: Bytes): Bytes {
  checkInput(loaded, input);
  const values: Activations = new Map([[loaded.model.input, Int8Array.from(input, (byte) => (byte << 24) >> 24)]]);
  for (const layer of loaded.layers) runLayer(layer, values);
  return outputToBytes(values.get(loaded.model.output)!);
}

export function checkInput({ inputBytes }: LoadedModel, input: Bytes): void {
  if (input.length !== inputBytes)
    fail("MODEL_INPUT_INVALID", `input of ${input.length} bytes where the model takes ${inputBytes}`, { given: input.length, inputBytes });
}
