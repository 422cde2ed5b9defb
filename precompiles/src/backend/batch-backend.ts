import type { Bytes } from "@noema/core/bytes";
import type { LoadedModel } from "../model/load.ts";

/**
 * The asynchronous side of inference: many inputs of a model at once, elsewhere than on the thread that executes blocks, which
 * takes results that are there (set/prefetch.ts) and never waits for one. Every back end gives the bytes of model/run-model.ts.
 */
export interface BatchBackend {
  /**
   * Outputs in the order of the inputs. Rejects with MODEL_INPUT_INVALID, BACKEND_LOST, BACKEND_MODEL_UNFIT; the caller bounds what it
   * submits.
   */
  submit(model: LoadedModel, inputs: readonly Bytes[]): Promise<Bytes[]>;
}

/** One that was started, and is ended by who started it. */
export interface OpenBackend extends BatchBackend {
  /** What it runs on, for people. */
  readonly name: string;
  close(): void;
}
