import { fail } from "../errors.ts";
import type { InferenceBackend } from "./inference-backend.ts";
import { BACKENDS, type BackendName } from "./names.ts";
import { createWasmBackend } from "./wasm-backend.ts";

const CREATE: Record<BackendName, () => InferenceBackend> = { wasm: createWasmBackend };

/** Throws BACKEND_UNAVAILABLE for a name without an implementation; there is no silent fallback. */
export function createBackend(name: string): InferenceBackend {
  const built = BACKENDS.find((x) => x === name);
  if (built === undefined)
    fail("BACKEND_UNAVAILABLE", `back end ${name}: this build has ${BACKENDS.join(", ")}`, { name, built: [...BACKENDS] });
  return CREATE[built]();
}
