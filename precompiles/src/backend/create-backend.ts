import { fail } from "../errors.ts";
import type { InferenceBackend } from "./inference-backend.ts";
import { createWasmBackend } from "./wasm-backend.ts";

const BUILT: Record<string, () => InferenceBackend> = { wasm: createWasmBackend };

/** Throws BACKEND_UNAVAILABLE for a name without an implementation; there is no silent fallback. */
export function createBackend(name: string): InferenceBackend {
  const create = Object.hasOwn(BUILT, name) ? BUILT[name] : undefined;
  if (!create)
    fail("BACKEND_UNAVAILABLE", `back end ${name}: this build has ${Object.keys(BUILT).join(", ")}`, { name, built: Object.keys(BUILT) });
  return create();
}
