import type { Bytes } from "@noema/core/bytes";
import type { LoadedModel } from "../model/load.ts";

/** A model made ready to run. */
export interface RunnableModel {
  /** `inputBytes` in, `outputBytes` out, a fresh array; throws MODEL_INPUT_INVALID. */
  run(input: Bytes): Bytes;
  /** The same, and `seen` hears of each operator what it gave, in the form of a model's output, bytes of its own, and how long it took. */
  runLayers?(input: Bytes, seen: (values: Bytes, micros: number) => void): void;
}

/** Synchronous: block execution never awaits. Every back end gives the bytes of model/run-model.ts. */
export interface InferenceBackend {
  readonly name: string;
  load(model: LoadedModel): RunnableModel;
}
