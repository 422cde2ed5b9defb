/** Whether what a node's configuration computes inferences on is there. */
import { type Finding, judged } from "./finding.ts";

const ANSWER_MS = 3000;

export type InferenceChoice = { backend: string; gpuWorker?: string | undefined };

export async function judgeGpu({ backend, gpuWorker }: InferenceChoice): Promise<Finding> {
  if (backend === "wasm") return judged("GPU", "good", "none is asked for: the back end is wasm", "");
  if (backend === "remote") return judgeWorker(gpuWorker);
  const installed = await import("webgpu" as string).then(() => true, () => false); // biome-ignore format: one line
  const found = installed ? "the package webgpu is installed" : "the package webgpu is not installed";
  return judged("GPU", installed ? "good" : "bad", found, "noema gpu install, then noema gpu check asks the GPU itself.");
}

async function judgeWorker(url: string | undefined): Promise<Finding> {
  const remedy = "Start noema gpu-worker there, or name where it answers: --gpu-worker.";
  if (url === undefined) return judged("GPU", "bad", "the back end is remote, and no gpu-worker is named", remedy);
  const reason = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) }).then(() => undefined, (error) => String(error.cause?.code ?? error.message)); // biome-ignore format: one line
  return judged("GPU", reason === undefined ? "good" : "bad", `${url} ${reason ?? "answers"}`, remedy);
}
