/**
 * The judge: every operator in plain TypeScript, exactly as the numeric rule of inference.md section 3 says, in the order a
 * reader would write it. Slow on purpose; the kernels are held equal to it.
 */
import type { Bytes } from "@noema/core/bytes";
import { fail } from "../errors.ts";
import { elements, type Tensor } from "../format/types.ts";
import type { Values } from "../operators/operator.ts";
import type { LoadedModel } from "./load.ts";
import { inputFromBytes, outputToBytes } from "./model-bytes.ts";

const zeros = ({ dtype, shape }: Tensor): Values => (dtype === "int32" ? new Int32Array(elements(shape)) : new Int8Array(elements(shape)));

/** Input of `inputBytes`: int8 values, or int32 in big endian; output as the precompile returns it. `seen`: as RunnableModel.runLayers has it. Throws MODEL_INPUT_INVALID. */
export function runModel(loaded: LoadedModel, input: Bytes, seen?: (values: Bytes, micros: number) => void): Bytes {
  checkInput(loaded, input);
  const { model, steps } = loaded;
  const values = model.tensors.map(({ data }): Values | undefined => data as Values);
  values[model.input] = inputFromBytes(loaded.inputType, input);
  for (const { layer, run } of steps) {
    const y = zeros(layer.output.tensor);
    const [x, ...others] = [layer.input, ...(layer.others ?? [])].map(({ index }) => values[index] as Values) as [Values, ...Int8Array[]];
    const startedMs = seen && performance.now();
    run(y, x, ...others);
    if (startedMs !== undefined) seen?.(outputToBytes(y).slice(), (performance.now() - startedMs) * 1000);
    values[layer.output.index] = y;
  }
  return outputToBytes(values[model.output]!);
}

export function checkInput({ inputBytes }: LoadedModel, input: Bytes): void {
  if (input.length !== inputBytes)
    fail("MODEL_INPUT_INVALID", `input of ${input.length} bytes where the model takes ${inputBytes}`, { given: input.length, inputBytes });
}
