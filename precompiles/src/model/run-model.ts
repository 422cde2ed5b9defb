/**
 * The judge: every operator in plain TypeScript, exactly as the numeric rule of inference.md section 3 says, in the order a
 * reader would write it. Slow on purpose; the kernels are held equal to it.
 */
import type { Bytes } from "@noema/core/bytes";
import { fail } from "../errors.ts";
import { elements, type Tensor } from "../format/types.ts";
import type { LoadedModel } from "./load.ts";
import { outputToBytes } from "./output-bytes.ts";

const zeros = ({ dtype, shape }: Tensor) => (dtype === "int32" ? new Int32Array(elements(shape)) : new Int8Array(elements(shape)));

/** Input of `inputBytes` int8 values; output as the precompile returns it. Throws MODEL_INPUT_INVALID. */
export function runModel(loaded: LoadedModel, input: Bytes): Bytes {
  checkInput(loaded, input);
  const values = new Map<number, Int8Array | Int32Array>([[loaded.model.input, Int8Array.from(input, (byte) => (byte << 24) >> 24)]]);
  for (const { layer, run } of loaded.steps) {
    const y = zeros(layer.output.tensor);
    const x = values.get(layer.input.index) as Int8Array;
    run(y, x, layer.other === undefined ? x : (values.get(layer.other.index) as Int8Array));
    values.set(layer.output.index, y);
  }
  return outputToBytes(values.get(loaded.model.output)!);
}

export function checkInput({ inputBytes }: LoadedModel, input: Bytes): void {
  if (input.length !== inputBytes)
    fail("MODEL_INPUT_INVALID", `input of ${input.length} bytes where the model takes ${inputBytes}`, { given: input.length, inputBytes });
}
