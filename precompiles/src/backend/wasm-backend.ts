import type { Bytes } from "@noema/core/bytes";
import { precompileError } from "../errors.ts";
import { type DType, type Tensor, tensorBytes } from "../format/types.ts";
import { KERNELS_WASM } from "../generated/kernels-wasm.ts";
import { webAssembly } from "../kernels/webassembly.ts";
import type { LoadedModel } from "../model/load.ts";
import { inOtherOrder } from "../model/model-bytes.ts";
import { checkInput } from "../model/run-model.ts";
import type { InferenceBackend, RunnableModel } from "./inference-backend.ts";
import { DESCRIPTOR_BYTES, planModel, writePlan } from "./wasm-plan.ts";

const PAGE = 65_536;

/**
 * The validator's minimum: SIMD kernels in WebAssembly, one instance with a memory of its own for each model. Throws BACKEND_UNAVAILABLE
 * where the processor has no SIMD for it: of x86 that is what lacks SSSE3 or SSE4.1.
 */
export function createWasmBackend(): InferenceBackend {
  const module = compiled(Buffer.from(KERNELS_WASM, "base64"));
  return { name: "wasm", load: (loaded) => instantiate(module, loaded) };
}

function compiled(kernels: Uint8Array): object {
  try {
    return new webAssembly.Module(kernels);
  } catch (cause) {
    const why = (cause as Error).message;
    throw precompileError(
      "BACKEND_UNAVAILABLE",
      `back end wasm: this processor does not take its kernels: ${why}`,
      { name: "wasm" },
      cause,
    );
  }
}

function instantiate(module: object, loaded: LoadedModel): RunnableModel {
  const plan = planModel(loaded);
  const pages = Math.ceil(plan.totalBytes / PAGE);
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new webAssembly.Instance(module, { env: { memory } });
  const { run } = instance.exports as { run(plan: number, operators: number): void };
  const bytes = new Uint8Array(memory.buffer);
  writePlan(plan, bytes);
  // Not the plan itself: its descriptors are written.
  const { planAddress, layers, input: inputAt, output: outputAt } = plan;
  const operators = plan.descriptors.length;
  const outputs = loaded.steps.map(({ layer }) => layer.output.tensor);

  function take(input: Bytes): void {
    checkInput(loaded, input);
    bytes.set(input, inputAt);
    if (loaded.inputType === "int32") inOtherOrder(bytes.subarray(inputAt, inputAt + input.length));
  }

  function valuesAt(at: number, length: number, type: DType): Bytes {
    const values = bytes.slice(at, at + length);
    return type === "int32" ? inOtherOrder(values) : values;
  }

  return {
    run(input: Bytes): Bytes {
      take(input);
      run(planAddress, operators);
      return valuesAt(outputAt, loaded.outputBytes, loaded.outputType);
    },
    runLayers(input, seen) {
      take(input);
      let first = 0;
      for (const [i, { end, output }] of layers.entries()) {
        const tensor = outputs[i] as Tensor;
        const startedMs = performance.now();
        run(planAddress + first * DESCRIPTOR_BYTES, end - first);
        seen(valuesAt(output, tensorBytes(tensor), tensor.dtype), (performance.now() - startedMs) * 1000);
        first = end;
      }
    },
  };
}
