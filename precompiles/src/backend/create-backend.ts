import { fail } from "../errors.ts";
import type { InferenceBackend } from "./inference-backend.ts";
import { BACKENDS, type BackendName } from "./names.ts";
import { createWasmBackend } from "./wasm-backend.ts";

/** Throws BACKEND_UNAVAILABLE for a name without an implementation; there is no silent fallback. */
export function backendName(name: string): BackendName {
  return (
    BACKENDS.find((x) => x === name) ??
    fail("BACKEND_UNAVAILABLE", `back end ${name}: this build has ${BACKENDS.join(", ")}`, { name, built: [...BACKENDS] })
  );
}

/** What runs on the thread that asks: WASM, whatever works ahead beside it. Throws BACKEND_UNAVAILABLE. */
export function createBackend(name: string): InferenceBackend {
  backendName(name);
  return createWasmBackend();
}
