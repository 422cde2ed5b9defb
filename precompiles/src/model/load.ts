import type { Bytes, Hash } from "@noema/core/bytes";
import { decodeModel } from "../format/decode.ts";
import { exceed, MAX_HEADER_BYTES, MAX_LAID_OUT_BYTES, MAX_UNITS_PER_TX, MAX_WEIGHT_BYTES } from "../format/limits.ts";
import { headerBytesOf, modelIdOf } from "../format/model-id.ts";
import { type DType, type Model, tensorBytes } from "../format/types.ts";
import type { Step } from "../operators/operator.ts";
import { OPERATOR_UNITS } from "../operators/shared/work.ts";
import { readStep } from "../operators/table.ts";

/** A checked model as threads of one process hand it to each other: the bytes are shared, not copied. */
export interface SharedModel {
  id: Hash;
  file: Uint8Array<SharedArrayBuffer>;
}

/** A model whose file, sizes and operators are all checked. */
export interface LoadedModel extends SharedModel {
  model: Model;
  steps: readonly Step[];
  inputBytes: number;
  inputType: DType;
  outputBytes: number;
  outputType: DType;
  /** Of the weight section of the file. */
  weightBytes: number;
  macs: number;
  /** Compute units, the basis of gas (work.ts). */
  units: number;
}

/** Copies the file into memory that threads can share. Throws what `decodeModel` and `readStep` throw. */
export function loadModel(file: Bytes): LoadedModel {
  if (file.length > MAX_HEADER_BYTES + MAX_WEIGHT_BYTES) exceed("bytes of file", file.length, MAX_HEADER_BYTES + MAX_WEIGHT_BYTES);
  const shared = new Uint8Array(new SharedArrayBuffer(file.length));
  shared.set(file);
  const opened = open(shared);
  return { ...opened, id: modelIdOf(shared) };
}

/** A model that another thread has loaded: nothing is copied or hashed. */
export function openShared({ id, file }: SharedModel): LoadedModel {
  return { ...open(file), id };
}

export function shareOf({ id, file }: LoadedModel): SharedModel {
  return { id, file };
}

function open(file: SharedModel["file"]): Omit<LoadedModel, "id"> {
  const model = decodeModel(file);
  let [macs, units] = [0, 0];
  const steps = model.operators.map((operator) => {
    const step = readStep(operator, model.tensors);
    macs += step.layer.macs;
    units += step.layer.units + OPERATOR_UNITS;
    // At once: what follows costs at most what is paid for.
    if (units > MAX_UNITS_PER_TX) exceed("units of one inference", units, MAX_UNITS_PER_TX);
    return step;
  });
  checkLaidOut(steps);
  const [input, output] = [model.tensors[model.input]!, model.tensors[model.output]!];
  return {
    file,
    model,
    steps,
    inputBytes: tensorBytes(input),
    inputType: input.dtype,
    outputBytes: tensorBytes(output),
    outputType: output.dtype,
    weightBytes: file.length - headerBytesOf(file),
    macs,
    units,
  };
}

/** A weight counts once, however many operators use it. */
function checkLaidOut(steps: readonly Step[]): void {
  const sizes = new Map(steps.map(({ layer: { weights, laidOutBytes = 0 } }) => [weights, laidOutBytes]));
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (bytes > MAX_LAID_OUT_BYTES) exceed("bytes of weights laid out", bytes, MAX_LAID_OUT_BYTES);
}
