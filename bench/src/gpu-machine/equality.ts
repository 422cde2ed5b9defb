/** The same inputs through judge, WASM and WGSL; every byte of every output is compared. */
import { to0x } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { InferenceBackend } from "@noema/precompiles/backend/inference-backend";
import type { GpuEngine } from "@noema/precompiles/backend/webgpu/engine";
import { type LoadedModel, loadModel } from "@noema/precompiles/model/load";
import { runModel } from "@noema/precompiles/model/run-model";
import { createDraw } from "@noema/precompiles/testing/draw";
import { OPERATOR_NAMES, randomGraph, randomOperator } from "@noema/precompiles/testing/random-models";
import { benchError } from "../load/errors.ts";
import { BATCHES, type BenchModel, inputsOf } from "./models.ts";
import type { EqualityRow } from "./record.ts";

export type Stacks = { wasm: InferenceBackend; engine: GpuEngine };

export type Comparison = {
  row(): EqualityRow;
  /** `name` says how the model is made again. Of the inputs of each batch the first `judged` go through the judge as well. */
  compare(name: string, model: LoadedModel, batches: Iterable<readonly Bytes[]>, judged: number): Promise<void>;
};

/** The judge makes about 150 million MACs a second: of a larger model it gets one input of a batch. */
const JUDGED_MACS = 20_000_000;
const KEPT_DIFFERENCES = 20;

/** `due`: inputs that would be compared if time were not short. */
export function createComparison(label: string, due: number, { wasm, engine }: Stacks, differences: string[]): Comparison {
  const row: EqualityRow = { model: label, models: 0, due, inputs: 0, judged: 0, different: 0 };
  const note = (name: string, input: Bytes, outputs: readonly Bytes[]) => {
    row.inputs++;
    const [expected, ...others] = outputs.map(to0x);
    if (others.every((x) => x === expected)) return;
    row.different++;
    const digest = to0x(sha256(input));
    if (differences.length < KEPT_DIFFERENCES)
      differences.push(`${name}, input of sha256 ${digest}: WASM ${expected}, others ${others.join(", ")}`);
  };
  return {
    row: () => row,
    async compare(name, model, batches, judged) {
      const gpu = engine.load(model);
      if (gpu === undefined) throw benchError("BENCH_RUN_FAILED", `${name} does not fit the GPU`);
      const runnable = wasm.load(model);
      row.models++;
      for (const inputs of batches) {
        const outputs = await gpu.run(inputs);
        row.judged += Math.min(judged, inputs.length);
        for (const [i, input] of inputs.entries())
          note(name, input, [runnable.run(input), outputs[i] as Bytes, ...(i < judged ? [runModel(model, input)] : [])]);
      }
      gpu.free();
    },
  };
}

/** Until `count` inputs or `deadline`, in ms of performance.now(); a batch at a time. */
export function compareModel({ name, model, input }: BenchModel, count: number, deadline: number, comparison: Comparison): Promise<void> {
  function* batches() {
    for (let from = 0, k = 0; from < count && performance.now() < deadline; k++) {
      const size = Math.min(count - from, BATCHES[k % BATCHES.length] as number);
      yield Array.from({ length: size }, (_, i) => input(from + i));
      from += size;
    }
  }
  return comparison.compare(name, model, batches(), model.macs <= JUDGED_MACS ? count : 1);
}

/** Models that are made at once, each with its own extremes; a seed makes the same again. */
export async function compareRandom(kind: string, seeds: Iterable<number>, deadline: number, comparison: Comparison): Promise<void> {
  for (const seed of seeds) {
    if (performance.now() >= deadline) return;
    const name = OPERATOR_NAMES.find((x) => x === kind);
    const { file, input } = name === undefined ? randomGraph(createDraw(seed)) : randomOperator(name, createDraw(seed));
    const inputs = inputsOf(input, seed);
    await comparison.compare(`${kind}, seed ${seed}`, loadModel(file), [inputs], inputs.length);
  }
}
