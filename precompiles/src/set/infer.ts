/**
 * INFER, 0x0a01: modelId (32 bytes) ++ input -> output, int8 one byte each or int32 big endian, as the model declares.
 * Refuses an unknown or inactive model, an input of another length than the model's, a transaction's cap exceeded, too little
 * gas, looked for in this order; a refusal counts nothing. The result is a pure function of the input: the cache changes no gas.
 */
import { type Bytes, bigIntToBytes, toHex } from "@noema/core/bytes";
import type { InferenceRun, Precompile } from "@noema/core/ports/precompiles";
import { MAX_UNITS_PER_TX } from "../format/limits.ts";
import { coldModelGas, inferGas, refusedInferGas } from "./gas.ts";
import type { ModelRegistry } from "./model-registry.ts";
import { refusal } from "./refusal.ts";
import type { ResultCache } from "./result-cache.ts";

const ID_BYTES = 32;
export const INFER_ADDRESS = bigIntToBytes(0x0a01n, 20);

export function createInfer(registry: ModelRegistry, cache: ResultCache): Precompile {
  return {
    address: INFER_ADDRESS,
    run(input, gas, counters) {
      const refuse = (reason: Parameters<typeof refusal>[0]) => refusal(reason, refusedInferGas(input.length));
      if (input.length < ID_BYTES) return refuse("WRONG_LENGTH");
      const id = toHex(input.subarray(0, ID_BYTES));
      const model = registry.find(id);
      if (model === undefined) return refuse("UNKNOWN_MODEL");
      if (!model.active) return refuse("INACTIVE_MODEL");
      const { sizes } = model.record;
      if (input.length !== ID_BYTES + sizes.inputBytes) return refuse("WRONG_LENGTH");
      if (counters.units + sizes.units > MAX_UNITS_PER_TX) return refuse("TRANSACTION_CAP");
      const gasUsed = inferGas(sizes) + (counters.warm.has(id) ? 0 : coldModelGas(sizes));
      if (gasUsed > gas) return refuse("TOO_LITTLE_GAS");
      counters.warm.add(id);
      counters.units += sizes.units;
      const data = input.subarray(ID_BYTES);
      return { ok: true, output: cache.resolve(model.record.id, data, () => registry.runnable(model).run(data)), gasUsed };
    },
  };
}

/** undefined: no active model has this id. */
export function inspectInference(registry: ModelRegistry, input: Bytes): InferenceRun | undefined {
  const model = registry.find(toHex(input.subarray(0, ID_BYTES)));
  return model?.active ? registry.inspect(model, input.subarray(ID_BYTES)) : undefined;
}
