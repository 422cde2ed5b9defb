/** An inference once more, operator by operator: for who asks where the time goes, or where two nodes differ. */
import { type Bytes, toHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { InferenceRun, LayerRun } from "@noema/core/ports/precompiles";
import type { InferenceBackend, RunnableModel } from "../backend/inference-backend.ts";
import type { LoadedModel } from "../model/load.ts";
import { runModel } from "../model/run-model.ts";
import { operatorName } from "../operators/table.ts";

/** By the back end that calls use; the judge where that tells nothing of layers. */
export function inspectModel(loaded: LoadedModel, runnable: RunnableModel, backend: InferenceBackend, input: Bytes): InferenceRun {
  const layers: LayerRun[] = [];
  const seen = (values: Bytes, micros: number) => {
    const step = loaded.steps[layers.length];
    if (step === undefined) throw new RangeError(`model 0x${toHex(loaded.id)} has ${layers.length} operators, and told of more`);
    const { dtype, shape } = step.layer.output.tensor;
    layers.push({ operator: operatorName(step.code), dtype, shape, macs: step.layer.macs, micros, hash: sha256(values) });
  };
  if (runnable.runLayers === undefined) runModel(loaded, input, seen);
  else runnable.runLayers(input, seen);
  return { model: loaded.id, engine: runnable.runLayers === undefined ? "reference" : backend.name, layers };
}
