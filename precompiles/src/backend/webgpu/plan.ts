/**
 * A model laid out for a GPU: where its activations lie, its constants, one step for each operator. Everything follows from the
 * model alone; the size of a batch comes when it runs.
 */
import type { TensorData } from "../../format/types.ts";
import type { LoadedModel } from "../../model/load.ts";
import type { Step } from "../../operators/operator.ts";
import type { Operand } from "../../operators/shared/layer.ts";
import { placeActivations } from "./activations.ts";
import type { KernelName } from "./kernels/table.ts";
import { groupsOf, TILES } from "./kernels/table.ts";
import { packRows, wordsOf } from "./layout.ts";
import { type GpuConstants, gpuOperator, plain, shapeOf } from "./operators.ts";
import { type GpuStep, STEP_BYTES, STEP_FIELDS } from "./step.ts";

export interface Dispatch {
  /** Kernel and number of workgroups for a batch of so many inputs. */
  of(inputs: number): { kernel: KernelName; groups: number };
}

export interface GpuPlan {
  dispatches: readonly Dispatch[];
  /** STEP_BYTES for each operator. */
  steps: Uint8Array;
  constants: Uint8Array;
  /** Of the activations of one input, words. */
  arenaWords: number;
  /** Where the bytes of an input begin, and how many words they are; likewise of its output. */
  input: number;
  inputWords: number;
  output: number;
  outputWords: number;
}

/** A buffer is not empty. */
const LEAST_WORDS = 4;

/** `mostBytes`: of a buffer. Undefined where an operator has no kernel, or where constants or the activations of one input do not fit. */
export function planForGpu({ model, steps }: LoadedModel, mostBytes: number): GpuPlan | undefined {
  if (steps.some(({ code }) => gpuOperator(code) === undefined)) return undefined;
  const { at, total } = placeActivations(
    model,
    model.tensors.map((tensor) => wordsIn(shapeOf(tensor))),
  );
  const constants = collectConstants();
  const planned = steps.flatMap((step) => planStep(step, at, constants));
  const [input, output] = [model.input, model.output].map((i) => ({ ...shapeOf(model.tensors[i]!), at: at[i]! })) as [Placed, Placed];
  const flatInput = flat(input, total);
  const flatOutput = flat(output, total + wordsIn(flatInput));
  if (flatInput !== input) planned.unshift(copy(flatInput, input));
  if (flatOutput !== output) planned.push(copy(output, flatOutput));
  const arenaWords = total + wordsIn(flatInput) + wordsIn(flatOutput);
  if (4 * Math.max(constants.words(), arenaWords) > mostBytes) return undefined;
  const bytes = new Uint8Array(planned.length * STEP_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, { step }] of planned.entries())
    for (const [word, field] of STEP_FIELDS.entries()) view.setInt32(i * STEP_BYTES + 4 * word, step[field] ?? 0, true);
  return {
    dispatches: planned.map(({ dispatch }) => dispatch),
    steps: bytes,
    constants: constants.bytes(),
    arenaWords,
    input: flatInput.at,
    output: flatOutput.at,
    inputWords: wordsIn(flatInput),
    outputWords: wordsIn(flatOutput),
  };
}

type Shape = ReturnType<typeof shapeOf>;
type Placed = Shape & { at: number };
type Planned = { step: GpuStep; dispatch: Dispatch };

const wordsIn = ({ rows, words }: Shape) => rows * words;

/** The same bytes without gaps but at their end, as they come and go: at `at`, where rows do not end with a word. */
function flat(placed: Placed, at: number): Placed {
  const { rows, length, dtype } = placed;
  if (rows === 1 || length % 4 === 0 || dtype === "int32") return placed;
  return { ...placed, rows: 1, length: rows * length, words: wordsOf(rows * length, dtype), at };
}

function copy(from: Placed, to: Placed): Planned {
  return { step: ends(from, to), dispatch: dispatchOf("reshape", to) };
}

function ends(x: Placed, y: Placed): GpuStep {
  const sizes = { rowsX: x.rows, rowsY: y.rows, channels: x.length, outChannels: y.length, wordsX: x.words, wordsY: y.words };
  return { x: x.at, y: y.at, ...sizes, wideX: Number(x.dtype === "int32"), wideY: Number(y.dtype === "int32") };
}

function dispatchOf(kernel: KernelName, { rows, words, length }: Shape): Dispatch {
  if (kernel === "product") return { of: (inputs) => productGroups(rows * inputs, wordsOf(length, "int8")) };
  return { of: (inputs) => ({ kernel, groups: groupsOf(kernel, rows * inputs, words) }) };
}

function planStep({ code, layer }: Step, at: readonly number[], constants: GpuConstants): Planned[] {
  const { kernel, steps, inputs = ({ input }) => [input] } = gpuOperator(code)!;
  const placed = ({ index, tensor }: Operand) => ({ ...shapeOf(tensor), at: at[index]! });
  const y = placed(layer.output);
  const [other] = layer.others ?? [];
  const dispatch = dispatchOf(kernel, y);
  const parts = inputs(layer);
  return [steps(layer, constants)].flat().map((own, i) => {
    const x = parts[i] ?? layer.input;
    const constant = x.tensor.data && { constantX: 1, x: plain(x.tensor.data, constants) };
    const zeros = { zeroX: x.zeroPoint, zeroY: layer.output.zeroPoint };
    return {
      step: { ...ends(placed(x), y), ...constant, ...zeros, ...(other && secondOf(other, placed(other), constants)), ...own },
      dispatch,
    };
  });
}

function secondOf({ tensor, zeroPoint }: Operand, { at, rows, words, length }: Placed, constants: GpuConstants): GpuStep {
  const shape = { rowsOther: rows, wordsOther: words, zeroOther: zeroPoint };
  const { data } = tensor;
  if (data === undefined) return { ...shape, other: at };
  return {
    ...shape,
    constantOther: 1,
    other: constants.put(data, `rows of ${length}`, rows * words, () => packRows(data as Int8Array, length)),
  };
}

/** The tile that wastes the least. */
function productGroups(rows: number, words: number): { kernel: KernelName; groups: number } {
  const kernel = words <= 2 ? "productNarrow" : rows <= 16 ? "productShort" : "product";
  const { across, down } = TILES[kernel];
  return { kernel, groups: Math.ceil(rows / (4 * down)) * Math.ceil(words / across) };
}

interface Part {
  at: number;
  made(): TensorData;
}

/** Sizes first: nothing is made before all of them are known. */
function collectConstants(): GpuConstants & { words(): number; bytes(): Uint8Array } {
  const known = new Map<TensorData, Map<string, number>>();
  const parts: Part[] = [];
  let total = LEAST_WORDS;
  return {
    put(source, form, words, made) {
      const forms = known.get(source) ?? new Map<string, number>();
      known.set(source, forms);
      const held = forms.get(form);
      if (held !== undefined) return held;
      const at = total;
      parts.push({ at, made });
      total += words;
      forms.set(form, at);
      return at;
    },
    words: () => total,
    bytes() {
      const out = new Uint8Array(4 * total);
      for (const { at, made } of parts) {
        const part = made();
        out.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), 4 * at);
      }
      return out;
    },
  };
}
