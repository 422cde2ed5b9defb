import type { ExecutionEngine } from "../engine/engine.ts";
import { createReferenceEngine, type EngineOptions } from "../engine/reference/engine.ts";
import { createShadowEngine } from "../engine/shadow.ts";

/** `shadow`: each block runs twice, the second time without shortcuts. */
export async function openEngine(options: EngineOptions, shadow: boolean): Promise<ExecutionEngine> {
  const engine = await createReferenceEngine(shadow ? { ...options, console: false } : options); // of which the library's way keeps nothing
  return shadow ? createShadowEngine(engine, await createReferenceEngine({ ...options, model: true })) : engine;
}
