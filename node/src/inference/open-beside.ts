/** What computes beside the CPU, behind its guard. */
import { join } from "node:path";
import { backendName } from "@noema/precompiles/backend/create-backend";
import { type GuardedBackend, guardBackend } from "@noema/precompiles/backend/guarded-backend";
import type { InferenceBackend } from "@noema/precompiles/backend/inference-backend";
import { openProcessBackend } from "@noema/precompiles/backend/process-backend";
import { openRemoteBackend } from "@noema/precompiles/backend/remote/client";
import type { InferenceOptions } from "@noema/precompiles/options";
import { nodeError } from "../errors.ts";
import { repositoryRoot } from "../paths.ts";
import { workerUrl } from "../threads/entry.ts";

export type Beside = GuardedBackend;

/** A batch that is not there by then would not help its block. */
const LATE_MS = 20_000;
/** Of a known answer: a driver in software compiles for seconds, on a busy machine for many. */
const START_MS = 120_000;

/** In whose node_modules `webgpu` is. */
export const gpuFolder = () => join(repositoryRoot(), "precompiles", "gpu");

/** Undefined for WASM alone. Rejects with CONFIG_INVALID, BACKEND_UNAVAILABLE, and BACKEND_LOST where it does not know the known answers. */
export async function openBeside(
  o: InferenceOptions,
  judge: InferenceBackend,
  onFault: (reason: string) => void,
): Promise<Beside | undefined> {
  const name = backendName(o.backend);
  if (name !== "remote" && o.gpuWorker !== undefined)
    throw nodeError("CONFIG_INVALID", `--gpu-worker is asked by the back end remote alone: add --backend remote, this is ${name}`);
  if (name === "wasm") return undefined;
  const opened = name === "webgpu" ? await openProcessBackend(workerUrl("webgpu"), gpuFolder()) : await openRemoteBackend(o.gpuWorker);
  return guardBackend(opened, { judge, onFault, random: Math.random, lateMs: LATE_MS, startMs: START_MS });
}
