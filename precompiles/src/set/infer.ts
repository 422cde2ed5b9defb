/**
 * INFER, 0x0a01: modelId (32 bytes) ++ input -> output, int8 one byte each or int32 big endian, as the model declares.
 * Fails, and so consumes the forwarded gas, for an unknown or inactive model, an input of another length than the model's,
 * too little gas, or a transaction's cap exceeded. The result is a pure function of the input: the cache changes no gas.
 */
import { type Bytes, toHex } from "@noema/core/bytes";
import type { PrecompileOutcome } from "@noema/core/ports/precompiles";
import type { CallBudget } from "./call-budget.ts";
import { coldModelGas, inferGas } from "./gas.ts";
import type { ModelRegistry } from "./model-registry.ts";
import type { ResultCache } from "./result-cache.ts";

const ID_BYTES = 32;

export interface InferParts {
  registry: ModelRegistry;
  budget: CallBudget;
  cache: ResultCache;
}

export function runInfer({ registry, budget, cache }: InferParts, input: Bytes, gas: number): PrecompileOutcome {
  if (input.length < ID_BYTES) return { ok: false };
  const id = toHex(input.subarray(0, ID_BYTES));
  const model = registry.find(id);
  if (!model?.active || !model.runnable) return { ok: false };
  const { loaded } = model.runnable;
  if (input.length !== ID_BYTES + loaded.inputBytes) return { ok: false };
  const gasUsed = inferGas(loaded) + (budget.isWarm(id) ? 0 : coldModelGas(loaded));
  if (gasUsed > gas || !budget.fits(loaded.units)) return { ok: false };
  budget.spend(id, loaded.units);
  return { ok: true, output: cache.resolve(model.runnable, input.subarray(ID_BYTES)), gasUsed };
}
