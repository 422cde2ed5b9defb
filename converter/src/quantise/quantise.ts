import type { Graph, Quantisation } from "../ir/graph.ts";
import { equalised } from "./equalise.ts";
import { fitWeights, inputsAtOnce } from "./fit.ts";
import { lower } from "./lower.ts";
import { observe } from "./observe.ts";
import { chooseScales, withRequantised } from "./ranges.ts";

export interface QuantisedModel {
  /** `.nmodel` */
  file: Uint8Array;
  input: Quantisation;
  output: Quantisation;
}

/** Inputs by which biases are corrected: means settle long before ranges do. */
const FIT_INPUTS = 16;

export interface QuantiseOptions {
  /** Only the best of its elements matter: their steps are finer, and those that never win are cut off below. */
  scores?: boolean;
  /** Calibration shows the largest that every channel gets: it is stretched to that. */
  stretch?: boolean;
  each?(done: number): void;
}

/** A prepared graph to its file, ranges taken from these inputs. */
export function quantise(
  graph: Graph,
  inputs: readonly Float32Array[],
  { scores = false, stretch, each }: QuantiseOptions = {},
): QuantisedModel {
  const given = withRequantised(graph);
  const seen = observe(given, inputs, each);
  const { graph: ready, observed } = equalised({ graph: given, observed: seen }, chooseScales(given, seen), stretch);
  const scales = chooseScales(ready, observed, { floor: scores ? observed.get(ready.output)!.tenth : undefined, wide: true });
  const some = inputs.slice(0, Math.min(FIT_INPUTS, inputsAtOnce(ready)));
  return {
    file: lower(ready, scales, fitWeights(ready, scales, some)),
    input: scales.get(ready.input)!,
    output: scales.get(ready.output)!,
  };
}
