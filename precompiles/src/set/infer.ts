/**
 * INFER, 0x0a01: modelId (32 bytes) ++ input -> output, int8 one byte each or int32 big endian, as the model declares.
 * Fails, and so consumes the forwarded gas, for an unknown or inactive model, an input of another length than the model's,
 * too little gas, or a transaction's cap exceeded. The result is a pure function of the input: the cache changes no gas.
 */
import { bigIntToBytes, toHex } from "@noema/core/bytes";
import type { Precompile } from "@noema/core/ports/precompiles";
import { coldModelGas, inferGas, MAX_UNITS_PER_TX } from "./gas.ts";
import type { ModelRegistry } from "./model-registry.ts";
import type { ResultCache } from "./result-cache.ts";

const ID_BYTES = 32;

export function createInfer(registry: ModelRegistry, cache: ResultCache): Precompile {
  return {
    address: bigIntToBytes(0x0a01n, 20),
    run(input, gas, counters) {
      if (input.length < ID_BYTES) return { ok: false };
      const id = toHex(input.subarray(0, ID_BYTES));
      const model = registry.find(id);
      if (!model?.active) return { ok: false };
      const { sizes } = model.record;
      if (input.length !== ID_BYTES + sizes.inputBytes) return { ok: false };
      const gasUsed = inferGas(sizes) + (counters.warm.has(id) ? 0 : coldModelGas(sizes));
      if (gasUsed > gas || counters.units + sizes.units > MAX_UNITS_PER_TX) return { ok: false };
      counters.warm.add(id);
      counters.units += sizes.units;
      const data = input.subarray(ID_BYTES);
      return { ok: true, output: cache.resolve(model.record.id, data, () => registry.runnable(model).run(data)), gasUsed };
    },
  };
}
