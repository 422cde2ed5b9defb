/**
 * A model laid out in one linear memory: operator descriptors, weights as the kernels read them, activations, scratch.
 * Every size follows from shapes, so that memory is reserved once, when the model is loaded.
 */
import { type TensorData, tensorBytes } from "../format/types.ts";
import type { LoadedModel } from "../model/load.ts";
import type { Step } from "../operators/operator.ts";
import { DESCRIPTOR_WORDS, type Descriptor, FIELDS, type Field, type PlanMemory, type WeightForm } from "../operators/shared/descriptor.ts";
import { roundUp } from "../operators/shared/work.ts";

const DESCRIPTOR_BYTES = 4 * DESCRIPTOR_WORDS;
/** Where the kernels' own globals end. */
const FIRST_ADDRESS = 4096;
/** Kernels may write this much beyond a tensor. */
const SLACK = 16;
/** Bytes. */
const LEAST_SCRATCH = 64;

export interface WasmPlan {
  descriptors: readonly Descriptor[];
  planAddress: number;
  /** Weights: where they go, and what writes them there. */
  constants: readonly { at: number; bytes: number; write(to: Uint8Array): void }[];
  input: number;
  output: number;
  totalBytes: number;
}

export function planModel({ model, steps }: LoadedModel): WasmPlan {
  let next = FIRST_ADDRESS;
  const reserve = (bytes: number) => {
    const at = next;
    next += roundUp(bytes + SLACK, 64);
    return at;
  };
  const constants: WasmPlan["constants"][number][] = [];
  const known = new Map<TensorData, Map<WeightForm, number>>();
  let scratchBytes = LEAST_SCRATCH;
  const memory: PlanMemory = {
    constant(weight, form, bytes, write) {
      const forms = known.get(weight) ?? new Map<WeightForm, number>();
      known.set(weight, forms);
      const held = forms.get(form);
      if (held !== undefined) return held;
      const at = reserve(bytes);
      constants.push({ at, bytes, write });
      forms.set(form, at);
      return at;
    },
    plain: (weight) => memory.constant(weight, "plain", weight.byteLength, (to) => to.set(bytesOf(weight))),
    address: ({ index, tensor: { data } }) => (data === undefined ? addresses[index]! : memory.plain(data)),
    scratch(bytes) {
      scratchBytes = Math.max(scratchBytes, bytes);
    },
  };
  const addresses = model.tensors.map((tensor) => (tensor.role === "activation" ? reserve(tensorBytes(tensor)) : 0));
  const parts = steps.flatMap((step) => step.plan(memory).map((part) => ({ ...operandsOf(step, memory), ...part })));
  const planAddress = reserve(parts.length * DESCRIPTOR_BYTES);
  const scratch = reserve(scratchBytes);
  const descriptors = parts.map((descriptor) => ({ ...descriptor, scratch }));
  return {
    descriptors,
    planAddress,
    constants,
    input: addresses[model.input]!,
    output: addresses[model.output]!,
    totalBytes: next,
  };
}

function operandsOf({ code, layer: { input, others: [other] = [], output } }: Step, memory: PlanMemory): Descriptor {
  const second = other === undefined ? {} : { other: memory.address(other), zeroOther: other.zeroPoint };
  const ends = { x: memory.address(input), y: memory.address(output), zeroX: input.zeroPoint, zeroY: output.zeroPoint };
  return { kind: code, ...ends, ...second };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: TensorData) => new Uint8Array(buffer, byteOffset, byteLength);

/** Into memory that is zero. */
export function writePlan(plan: WasmPlan, memory: Uint8Array): void {
  for (const { at, bytes, write } of plan.constants) write(memory.subarray(at, at + bytes));
  const view = new DataView(memory.buffer);
  for (const [i, descriptor] of plan.descriptors.entries())
    for (const [word, field] of Object.keys(FIELDS).entries())
      view.setInt32(plan.planAddress + i * DESCRIPTOR_BYTES + 4 * word, descriptor[field as Field] ?? 0, true);
}
