/**
 * Models on a GPU: kernels compiled once for the device, a model laid out once, batches one after another. All activations
 * lie in one buffer, which grows to what the largest batch needs; a batch that would need more runs in parts.
 */
import type { Bytes } from "@noema/core/bytes";
import { precompileError } from "../../errors.ts";
import type { LoadedModel } from "../../model/load.ts";
import { inputFromBytes, outputToBytes } from "../../model/model-bytes.ts";
import { COMPUTE_STAGE, type GpuBuffer, type GpuDevice, type GpuPipeline, MAP_READ, USAGE } from "./api.ts";
import type { OpenGpu } from "./device.ts";
import { KERNELS, type KernelName } from "./kernels/table.ts";
import { type GpuPlan, planForGpu } from "./plan.ts";
import { STEP_BYTES } from "./step.ts";

export interface GpuModel {
  /** Bytes of device memory that it holds. */
  readonly bytes: number;
  /** Outputs in the order of the inputs, each of `inputBytes`; one call at a time. Rejects with BACKEND_LOST. */
  run(inputs: readonly Bytes[]): Promise<Bytes[]>;
  free(): void;
}

export interface GpuEngine {
  /** Undefined where it does not fit this GPU: it is WASM's. */
  load(model: LoadedModel): GpuModel | undefined;
  close(): void;
}

export type Kernels = Readonly<Record<KernelName, string>>;

const BATCH_BYTES = 16;
/** Of one dimension of a dispatch, by the specification. */
const MOST_GROUPS = 65_535;

/** `kernels`: others only in tests. Rejects where the driver refuses them. */
export async function createGpuEngine({ device, mostBytes }: OpenGpu, kernels: Kernels = KERNELS): Promise<GpuEngine> {
  const layout = bindings(device);
  const pipelines = await compile(device, layout, kernels);
  const batchSize = device.createBuffer({ size: BATCH_BYTES, usage: USAGE.UNIFORM | USAGE.COPY_DST });
  const arena = growing(device, USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST);
  const answer = growing(device, USAGE.MAP_READ | USAGE.COPY_DST);
  let lost: Error | undefined;
  void device.lost.then(({ reason, message }) => {
    lost = precompileError("BACKEND_LOST", `the GPU was lost: ${reason} ${message.split("\n")[0]}`, {});
  });

  function layOut(loaded: LoadedModel, plan: GpuPlan): GpuModel {
    const steps = filled(device, plan.steps, USAGE.UNIFORM);
    const constants = filled(device, plan.constants, USAGE.STORAGE);
    const most = Math.max(1, Math.floor(mostBytes / (4 * plan.arenaWords)));
    let bound: { arena: GpuBuffer; group: object } | undefined;
    const group = (buffer: GpuBuffer): object => {
      if (bound?.arena !== buffer) {
        const buffers = [{ buffer: steps, size: STEP_BYTES }, { buffer: batchSize }, { buffer }, { buffer: constants }];
        bound = {
          arena: buffer,
          group: device.createBindGroup({ layout, entries: buffers.map((resource, binding) => ({ binding, resource })) }),
        };
      }
      return bound.group;
    };

    async function part(inputs: readonly Bytes[]): Promise<Bytes[]> {
      if (lost !== undefined) throw lost;
      const n = inputs.length;
      const words = arena.atLeast(4 * plan.arenaWords * n);
      device.queue.writeBuffer(batchSize, 0, Int32Array.of(n, 0, 0, 0));
      device.queue.writeBuffer(words, 4 * plan.input * n, joined(inputs, 4 * plan.inputWords, loaded));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (const [i, dispatch] of plan.dispatches.entries()) {
        const { kernel, groups } = dispatch.of(n);
        const down = Math.ceil(groups / MOST_GROUPS);
        pass.setPipeline(pipelines[kernel]);
        pass.setBindGroup(0, group(words), [i * STEP_BYTES]);
        pass.dispatchWorkgroups(Math.ceil(groups / down), down);
      }
      pass.end();
      const each = 4 * plan.outputWords;
      const bytes = each * n;
      const read = answer.atLeast(bytes);
      encoder.copyBufferToBuffer(words, 4 * plan.output * n, read, 0, bytes);
      device.queue.submit([encoder.finish()]);
      await read.mapAsync(MAP_READ, 0, bytes).catch((cause) => {
        throw lost ?? precompileError("BACKEND_LOST", `the GPU gave no results: ${(cause as Error).message.split("\n")[0]}`, {});
      });
      const mapped = new Uint8Array(read.getMappedRange(0, bytes));
      const outputs = inputs.map((_, i) => own(mapped.slice(i * each, i * each + loaded.outputBytes), loaded));
      read.unmap();
      return outputs;
    }
    return {
      bytes: plan.constants.length + plan.steps.length,
      async run(inputs) {
        const outputs: Bytes[] = [];
        for (let from = 0; from < inputs.length; from += most) outputs.push(...(await part(inputs.slice(from, from + most))));
        return outputs;
      },
      free() {
        steps.destroy();
        constants.destroy();
      },
    };
  }
  return {
    load(model) {
      const plan = planForGpu(model, mostBytes);
      return plan && layOut(model, plan);
    },
    close: () => device.destroy(),
  };
}

/** Each at a multiple of so many bytes. */
function joined(inputs: readonly Bytes[], each: number, { inputType }: LoadedModel): Uint8Array {
  const out = new Uint8Array(each * inputs.length);
  for (const [i, input] of inputs.entries())
    out.set(inputType === "int32" ? new Uint8Array(inputFromBytes(inputType, input).buffer) : input, i * each);
  return out;
}

function own(output: Uint8Array<ArrayBuffer>, { outputType }: LoadedModel): Bytes {
  return outputType === "int32" ? outputToBytes(new Int32Array(output.buffer)) : output;
}

function bindings(device: GpuDevice): object {
  const entry = (binding: number, type: string, rest = {}) => ({ binding, visibility: COMPUTE_STAGE, buffer: { type, ...rest } });
  return device.createBindGroupLayout({
    entries: [
      entry(0, "uniform", { hasDynamicOffset: true, minBindingSize: STEP_BYTES }),
      entry(1, "uniform", { minBindingSize: BATCH_BYTES }),
      entry(2, "storage"),
      entry(3, "read-only-storage"),
    ],
  });
}

async function compile(device: GpuDevice, bindGroupLayout: object, kernels: Kernels): Promise<Record<KernelName, GpuPipeline>> {
  const layout = device.createPipelineLayout({ bindGroupLayouts: [bindGroupLayout] });
  const compiled = Object.entries(kernels).map(async ([name, code]) => {
    const compute = { module: device.createShaderModule({ code }), entryPoint: "main" };
    return [name, await device.createComputePipelineAsync({ layout, compute })] as const;
  });
  return Object.fromEntries(await Promise.all(compiled)) as Record<KernelName, GpuPipeline>;
}

function filled(device: GpuDevice, bytes: Uint8Array, usage: number): GpuBuffer {
  const buffer = device.createBuffer({ size: bytes.length, usage: usage | USAGE.COPY_DST });
  device.queue.writeBuffer(buffer, 0, bytes);
  return buffer;
}

/** A buffer that is made again where more is needed; what lay in it is gone then. */
function growing(device: GpuDevice, usage: number): { atLeast(bytes: number): GpuBuffer } {
  let held: GpuBuffer | undefined;
  return {
    atLeast(bytes) {
      if (held !== undefined && held.size >= bytes) return held;
      held?.destroy();
      held = device.createBuffer({ size: Math.ceil(bytes / 4) * 4, usage });
      return held;
    },
  };
}
