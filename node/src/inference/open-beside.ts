/** What computes beside the CPU, behind its guard. */

import type { Clock } from "@noema/core/ports/clock";
import type { OpenBackend } from "@noema/precompiles/backend/batch-backend";
import { backendName } from "@noema/precompiles/backend/create-backend";
import { type Fault, type GuardedBackend, guardBackend } from "@noema/precompiles/backend/guarded-backend";
import type { InferenceBackend } from "@noema/precompiles/backend/inference-backend";
import { openProcessBackend } from "@noema/precompiles/backend/process-backend";
import { openRemoteBackend } from "@noema/precompiles/backend/remote/client";
import { openReturning } from "@noema/precompiles/backend/returning-backend";
import type { InferenceOptions } from "@noema/precompiles/options";
import { nodeError } from "../errors.ts";
import { gpuFolder } from "../paths.ts";
import { workerUrl } from "../threads/entry.ts";

export type Beside = GuardedBackend;

/** A batch that is not there by then would not help its block. */
const LATE_MS = 20_000;
/** Of a known answer: a driver in software compiles for seconds, on a busy machine for many. */
const START_MS = 120_000;

/** Undefined for WASM alone. Throws CONFIG_INVALID, BACKEND_UNAVAILABLE. */
function openerOf(o: InferenceOptions): (() => Promise<OpenBackend>) | undefined {
  const name = backendName(o.backend);
  if (name !== "remote" && o.gpuWorker !== undefined)
    throw nodeError("CONFIG_INVALID", `--gpu-worker is asked by the back end remote alone: add --backend remote, this is ${name}`);
  if (name === "wasm") return undefined;
  return () => (name === "webgpu" ? openProcessBackend(workerUrl("webgpu"), gpuFolder()) : openRemoteBackend(o.gpuWorker));
}

const rules = (judge: InferenceBackend) => ({ judge, random: Math.random, lateMs: LATE_MS, startMs: START_MS });

/**
 * For good at its first fault. Undefined for WASM alone. Rejects with CONFIG_INVALID, BACKEND_UNAVAILABLE, and BACKEND_LOST where it does
 * not know the known answers.
 */
export async function openBeside(
  o: InferenceOptions,
  judge: InferenceBackend,
  onFault: (fault: Fault) => void,
): Promise<Beside | undefined> {
  const open = openerOf(o);
  return open && guardBackend(await open(), { ...rules(judge), onFault });
}

/** As `openBeside`, but tried again after each fault: `onFault` is told in how many milliseconds, `onReturn` on what it serves again. */
export async function keepBeside(
  o: InferenceOptions,
  judge: InferenceBackend,
  then: { clock: Clock; onFault(fault: Fault, pauseMs: number): void; onReturn(name: string): void },
): Promise<Beside | undefined> {
  const open = openerOf(o);
  return open && openReturning(open, { ...rules(judge), ...then });
}
