/**
 * A model laid out in one linear memory: operator descriptors, weights as the kernels read them, activations one after the other
 * in the same places, scratch.
 * Every size follows from shapes, so that memory is reserved once, when the model is loaded.
 */
import type { TensorData } from "../format/types.ts";
import type { LoadedModel } from "../model/load.ts";
import type { Step } from "../operators/operator.ts";
import { DESCRIPTOR_WORDS, type Descriptor, FIELDS, type Field, type PlanMemory, type WeightForm } from "../operators/shared/descriptor.ts";
import { roundUp } from "../operators/shared/work.ts";
import { activationPlaces } from "./activation-places.ts";

export const DESCRIPTOR_BYTES = 4 * DESCRIPTOR_WORDS;
/** Where the kernels' own globals end. */
const FIRST_ADDRESS = 4096;
/** Kernels may write this much beyond a tensor. */
const SLACK = 16;
/** Bytes. */
const LEAST_SCRATCH = 64;

export interface WasmPlan {
  /** But for `scratch`, which all have. */
  descriptors: readonly Descriptor[];
  /** Where an operator's descriptors end, and its output lies, until a later one takes that place. */
  layers: readonly { end: number; output: number }[];
  scratch: number;
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
  const addresses = activationPlaces(model, reserve);
  const layers: WasmPlan["layers"][number][] = [];
  let end = 0;
  const descriptors = steps.flatMap((step) => {
    const parts = step.plan(memory);
    const operands = operandsOf(step, memory);
    end += parts.length;
    layers.push({ end, output: addresses[step.layer.output.index]! });
    return parts.map((part) => ({ ...operands, ...part }));
  });
  const planAddress = reserve(descriptors.length * DESCRIPTOR_BYTES);
  const scratch = reserve(scratchBytes);
  return {
    descriptors,
    layers,
    scratch,
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

const WORD = Object.fromEntries(Object.keys(FIELDS).map((field, word) => [field, word])) as Record<Field, number>;

/** Into memory that is zero. A header of 240 KB may have 35,000 descriptors: of each only the words that are given are written. */
export function writePlan({ constants, descriptors, scratch, planAddress }: WasmPlan, memory: Uint8Array): void {
  for (const { at, bytes, write } of constants) write(memory.subarray(at, at + bytes));
  // The host is little endian, as every platform of Node's is.
  const words = new Int32Array(memory.buffer, planAddress, descriptors.length * DESCRIPTOR_WORDS);
  for (const [i, descriptor] of descriptors.entries()) {
    const first = i * DESCRIPTOR_WORDS;
    words[first + WORD.scratch] = scratch;
    for (const field in descriptor) words[first + WORD[field as Field]] = descriptor[field as Field] as number;
  }
}
