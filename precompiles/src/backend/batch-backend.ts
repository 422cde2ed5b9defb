import type { Bytes } from "@noema/core/bytes";
import type { LoadedModel } from "../model/load.ts";

/**
 * The asynchronous side of inference: many inputs of a model at once, elsewhere than on the thread that executes blocks, which
 * takes results that are there (set/prefetch.ts) and never waits for one. Every back end gives the bytes of model/run-model.ts.
 */
export interface BatchBackend {
  /** Outputs in the order of the inputs. Rejects with MODEL_INPUT_INVALID, BACKEND_LOST; the caller bounds what it submits. */
  submit(model: LoadedModel, inputs: readonly Bytes[]): Promise<Bytes[]>;
}
