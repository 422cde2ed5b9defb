import type { Bytes } from "@noema/core/bytes";
import { precompileError } from "../errors.ts";
import { KERNELS_WASM } from "../generated/kernels-wasm.ts";
import { webAssembly } from "../kernels/webassembly.ts";
import type { LoadedModel } from "../model/load.ts";
import { inOtherOrder } from "../model/model-bytes.ts";
import { checkInput } from "../model/run-model.ts";
import type { InferenceBackend, RunnableModel } from "./inference-backend.ts";
import { planModel, writePlan } from "./wasm-plan.ts";

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
  const { planAddress, input: inputAt, output: outputAt } = plan;
  const operators = plan.descriptors.length;
  return {
    run(input: Bytes): Bytes {
      checkInput(loaded, input);
      bytes.set(input, inputAt);
      if (loaded.inputType === "int32") inOtherOrder(bytes.subarray(inputAt, inputAt + input.length));
      run(planAddress, operators);
      const output = bytes.slice(outputAt, outputAt + loaded.outputBytes);
      return loaded.outputType === "int32" ? inOtherOrder(output) : output;
    },
  };
}
