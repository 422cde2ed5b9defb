/** A source and inputs to a file and its report. */
import { to0x } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { type LoadedModel, loadModel } from "@noema/precompiles/model/load";
import type { ModelCard } from "@noema/precompiles/model-card";
import { coldModelGas, inferGas } from "@noema/precompiles/set/gas";
import { type Comparison, compare } from "./compare.ts";
import { fail } from "./errors.ts";
import { type Graph, makers, type Quantisation } from "./ir/graph.ts";
import { prepare } from "./ir/prepare.ts";
import { quantise } from "./quantise/quantise.ts";
import type { Imported } from "./source/imported.ts";

export interface ConvertOptions {
  /** Inputs that tell the ranges, in the graph's order; at least one. */
  calibration: readonly Float32Array[];
  /** Inputs to compare with, and their answers where they are known; the calibration's otherwise. */
  test?: { inputs: readonly Float32Array[]; labels?: readonly number[] };
  /** Names of the output's elements: it is a classifier's then, whose best elements matter. */
  names?: readonly string[];
  description: string;
  /** How inputs are made, for people. */
  encoding?: string;
  keepSoftmax?: boolean;
  /** Calibration shows all there is (quantise/equalise.ts). */
  stretch?: boolean;
  progress?(what: string, done: number, of: number): void;
}

export interface Converted {
  file: Uint8Array;
  report: Record<string, unknown> & { comparison: Comparison; interface: ModelCard };
}

export function convert({ graph: source, input }: Imported, options: ConvertOptions): Converted {
  const { calibration, names, keepSoftmax, stretch, progress = () => {} } = options;
  checkWords(options, namedBy(source));
  const graph = prepare(source, keepSoftmax);
  const softmaxCut = makers(source).get(source.output)?.op.kind === "softmax" && !keepSoftmax;
  const scores = (names !== undefined || softmaxCut) && source.output.shape.at(-1)! > 2;
  const quantised = quantise(graph, calibration, { scores, stretch, each: (done) => progress("calibrating", done, calibration.length) });
  const model = loadModel(quantised.file);
  const test = options.test ?? { inputs: calibration };
  const comparison = compare(graph, model, quantised.input, quantised.output, test.inputs, test.labels, (done) =>
    progress("comparing", done, test.inputs.length),
  );
  const card: ModelCard = {
    description: options.description,
    input: { encoding: options.encoding ?? encodingOf(quantised.input, input.value.shape), scale: quantised.input.scale },
    output: outputOf(model, quantised.output, { softmaxCut, scores, names }),
  };
  return {
    file: quantised.file,
    report: {
      ...figures(quantised.file, model),
      calibration: calibration.length,
      testedOnOthers: options.test !== undefined,
      comparison,
      interface: card,
    },
  };
}

/** How many names an output has: one an element, and of the indices of an ARGMAX or TOPK one for each of what they choose from. */
function namedBy(graph: Graph): number {
  const made = makers(graph);
  let value = graph.output;
  for (let node = made.get(value); node !== undefined; node = made.get(value)) {
    if (node.op.kind === "argmax" || node.op.kind === "topk") return node.inputs[0]!.shape.at(-1)!;
    if (node.op.kind !== "reshape") break;
    value = node.inputs[0]!;
  }
  return graph.output.shape.at(-1)!;
}

/** Before anything is computed: what a card could not hold, or a comparison not use. Throws CONVERT_DATA_INVALID. */
function checkWords({ names, test }: ConvertOptions, outputs: number): void {
  const blank = names?.findIndex((name) => name.trim() === "") ?? -1;
  if (blank >= 0) fail("CONVERT_DATA_INVALID", `labels: line ${blank + 1} is empty`);
  if (names !== undefined && names.length !== outputs) fail("CONVERT_DATA_INVALID", `${names.length} labels for an output of ${outputs}`);
  const { inputs, labels } = test ?? {};
  if (labels !== undefined && labels.length !== inputs!.length)
    fail("CONVERT_DATA_INVALID", `${labels.length} right answers for ${inputs!.length} inputs`);
}

/** What follows from the file alone. */
export function figures(file: Uint8Array, model: LoadedModel) {
  const warm = inferGas(model);
  return {
    modelId: to0x(model.id),
    sha256: to0x(sha256(file)),
    bytes: file.length,
    macs: model.macs,
    units: model.units,
    gas: { warm, cold: warm + coldModelGas(model) },
  };
}

const real = ({ scale, zeroPoint }: Quantisation) => `${Number(scale.toPrecision(6))} * (byte - ${zeroPoint})`;

function encodingOf(quantisation: Quantisation, shape: readonly number[]): string {
  return `[${shape}], row-major, one int8 for each element, which stands for ${real(quantisation)}`;
}

function outputOf(
  model: LoadedModel,
  quantisation: Quantisation,
  { softmaxCut, scores, names }: { softmaxCut: boolean; scores: boolean; names?: readonly string[] },
): ModelCard["output"] {
  if (model.outputType === "int32") return { encoding: "int32, big endian", labels: names && [...names] };
  const kind = softmaxCut ? "a score before the softmax" : "a value";
  const cutOff = scores ? "; values that never win are cut off below" : "";
  return {
    encoding: `one int8 for each element, ${kind}, which stands for ${real(quantisation)}${cutOff}`,
    scale: quantisation.scale,
    labels: names && [...names],
  };
}
