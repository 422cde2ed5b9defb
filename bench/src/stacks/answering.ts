/** The stacks themselves: what computes the outputs of a question. */
import type { Bytes } from "@noema/core/ports/bytes";
import { createWasmBackend } from "@noema/precompiles/backend/wasm-backend";
import { openGpu } from "@noema/precompiles/backend/webgpu/device";
import { createGpuEngine, type GpuModel, type Kernels } from "@noema/precompiles/backend/webgpu/engine";
import type { LoadedModel } from "@noema/precompiles/model/load";
import { runModel } from "@noema/precompiles/model/run-model";
import { corruptKernels } from "@noema/precompiles/testing/corrupt-kernels";
import { benchError } from "../load/errors.ts";
import type { Question } from "./questions.ts";

export type Kind = "judge" | "wasm" | "wgsl" | "wgsl-corrupt";

export type Answering = {
  /** What it runs on. */
  name: string;
  /** Of the first inputs: a slow stack ends at `deadline`, ms of performance.now(). */
  outputs(question: Question, deadline: number): Promise<Bytes[]>;
};

/** `webgpu`: the folder in whose node_modules it is. Throws BACKEND_UNAVAILABLE. */
export async function openStack(kind: Kind, webgpu: string): Promise<Answering> {
  const node = `Node ${process.versions.node}, ${process.arch}`;
  if (kind === "judge") return oneByOne(node, (model) => (input) => runModel(model, input));
  if (kind === "wasm") {
    const backend = createWasmBackend();
    return oneByOne(node, (model) => backend.load(model).run);
  }
  return openWgsl(webgpu, kind === "wgsl" ? undefined : corruptKernels());
}

function oneByOne(name: string, load: (model: LoadedModel) => (input: Bytes) => Bytes): Answering {
  const run = lastOf(load, () => {});
  return {
    name,
    async outputs({ model, inputs }, deadline) {
      const outputs: Bytes[] = [];
      for (const input of inputs) {
        if (performance.now() >= deadline) break;
        outputs.push(run(model)(input));
      }
      return outputs;
    },
  };
}

async function openWgsl(webgpu: string, kernels?: Kernels): Promise<Answering> {
  const open = await openGpu(webgpu);
  const engine = await createGpuEngine(open, kernels);
  const load = (model: LoadedModel) => {
    const loaded = engine.load(model);
    if (loaded === undefined) throw benchError("BENCH_RUN_FAILED", "a model does not fit the GPU");
    return loaded;
  };
  const gpu = lastOf<GpuModel>(load, (model) => model.free());
  return {
    name: open.name,
    outputs: ({ model, inputs }, deadline) => (performance.now() >= deadline ? Promise.resolve([]) : gpu(model).run(inputs)),
  };
}

/** Batches of a model come one after another: the last one is kept. */
function lastOf<T>(load: (model: LoadedModel) => T, free: (loaded: T) => void): (model: LoadedModel) => T {
  let held: { model: LoadedModel; loaded: T } | undefined;
  return (model) => {
    if (held?.model === model) return held.loaded;
    if (held !== undefined) free(held.loaded);
    held = { model, loaded: load(model) };
    return held.loaded;
  };
}
