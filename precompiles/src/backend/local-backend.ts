import { toHex } from "@noema/core/bytes";
import type { BatchBackend } from "./batch-backend.ts";
import type { InferenceBackend, RunnableModel } from "./inference-backend.ts";

/** A synchronous back end as a batch one, on the thread that asks. */
export function createLocalBackend(backend: InferenceBackend): BatchBackend {
  const runnables = new Map<string, RunnableModel>();
  return {
    async submit(model, inputs) {
      const id = toHex(model.id);
      const runnable = runnables.get(id) ?? backend.load(model);
      runnables.set(id, runnable);
      return inputs.map((input) => runnable.run(input));
    },
  };
}
