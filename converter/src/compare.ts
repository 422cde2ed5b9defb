/** int8 beside float on the same inputs: what a conversion costs. */
import { createBackend } from "@noema/precompiles/backend/create-backend";
import type { LoadedModel } from "@noema/precompiles/model/load";
import { runFloat } from "./float/run.ts";
import type { Graph, Quantisation } from "./ir/graph.ts";

export interface Comparison {
  inputs: number;
  /** Inputs for which the largest element is the same one. */
  sameBest: number;
  /** Root of the mean square difference, as a share of float's own size. */
  relativeError: number;
  /** Where the right answers are known. */
  floatRight?: number;
  int8Right?: number;
  /** Of one call on the WASM back end, the fastest of those made. */
  milliseconds: number;
}

export const toBytes = (input: Float32Array, { scale, zeroPoint }: Quantisation): Uint8Array =>
  Uint8Array.from(input, (x) => Math.max(-128, Math.min(127, Math.round(x / scale) + zeroPoint)) & 255);

/** Elements as numbers, of an output of int8 or of int32. */
export function numbersOf({ outputType }: Pick<LoadedModel, "outputType">, output: Uint8Array): number[] {
  if (outputType === "int8") return Array.from(output, (byte) => (byte << 24) >> 24);
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  return Array.from({ length: output.length / 4 }, (_, i) => view.getInt32(4 * i));
}

/** The lowest of equals. */
export function bestOf(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** What is cut off, as it never wins, is no error. */
const cutTo = (values: Float32Array, { scale, zeroPoint }: Quantisation) =>
  values.map((x) => Math.max((-128 - zeroPoint) * scale, Math.min((127 - zeroPoint) * scale, x)));

export function compare(
  graph: Graph,
  model: LoadedModel,
  input: Quantisation,
  output: Quantisation,
  inputs: readonly Float32Array[],
  labels?: readonly number[],
  each: (done: number) => void = () => {},
): Comparison {
  const runnable = createBackend("wasm").load(model);
  let [sameBest, floatRight, int8Right, error, size] = [0, 0, 0, 0, 0];
  let fastest = Number.POSITIVE_INFINITY;
  for (const [i, x] of inputs.entries()) {
    const real = runFloat(graph, x).get(graph.output)!;
    const started = performance.now();
    const bytes = runnable.run(toBytes(x, input));
    fastest = Math.min(fastest, performance.now() - started);
    const whole = numbersOf(model, bytes);
    const [a, b] = [bestOf(real), bestOf(whole)];
    if (model.outputType === "int8" ? a === b : real.every((value, at) => value === whole[at])) sameBest++;
    if (labels?.[i] === a) floatRight++;
    if (labels?.[i] === b) int8Right++;
    for (const [at, value] of cutTo(real, output).entries()) {
      error += (value - (whole[at]! - output.zeroPoint) * output.scale) ** 2;
      size += value ** 2;
    }
    each(i + 1);
  }
  const right = labels === undefined ? {} : { floatRight, int8Right };
  return { inputs: inputs.length, sameBest, relativeError: size === 0 ? 0 : Math.sqrt(error / size), ...right, milliseconds: fastest };
}
