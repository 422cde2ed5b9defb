import { createBackend } from "@noema/precompiles/backend/create-backend";
import { knownAnswers } from "@noema/precompiles/backend/known-answers";
import { createProgress } from "../cli/progress.ts";
import { openBeside } from "../inference/open-beside.ts";

/** Throws BACKEND_UNAVAILABLE, BACKEND_LOST. */
export async function checkGpu(): Promise<void> {
  const progress = createProgress();
  const options = { backend: "webgpu", gpuWorker: undefined, models: undefined };
  const opening = openBeside(options, createBackend("webgpu"), () => {});
  const beside = await progress.during((s) => `opening the GPU, asking what it must know ... ${s} s`, opening);
  progress.say(`${beside?.name}: ${knownAnswers().length} known answers given`);
  beside?.close();
}
