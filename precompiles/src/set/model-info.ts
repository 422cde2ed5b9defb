/**
 * MODEL_INFO, 0x0a00: modelId (32 bytes) -> nine 32-byte words: status (1 registered, 2 active), activation block, MACs,
 * compute units, input bytes, output bytes, weight bytes, owner, royalty. Refuses an unknown model and another length.
 */
import { type Bytes, bigIntToBytes, bytesToBigInt, concatBytes, toHex } from "@noema/core/bytes";
import type { Precompile } from "@noema/core/ports/precompiles";
import { MODEL_INFO_GAS } from "./gas.ts";
import type { ModelRegistry, RegisteredModel } from "./model-registry.ts";
import { refusal } from "./refusal.ts";

export function createModelInfo(registry: ModelRegistry): Precompile {
  return {
    address: bigIntToBytes(0x0a00n, 20),
    run(input) {
      if (input.length !== 32) return refusal("WRONG_LENGTH", MODEL_INFO_GAS);
      const model = registry.find(toHex(input));
      if (!model) return refusal("UNKNOWN_MODEL", MODEL_INFO_GAS);
      return { ok: true, output: infoOf(model).slice(), gasUsed: MODEL_INFO_GAS };
    },
  };
}

/** What is said of a model changes once, when it becomes active; making it anew costs ten times the gas. */
const known = new WeakMap<RegisteredModel, { active: boolean; info: Bytes }>();

function infoOf(model: RegisteredModel): Bytes {
  let held = known.get(model);
  if (held?.active !== model.active) {
    held = { active: model.active, info: concatBytes(...infoWords(model).map((word) => bigIntToBytes(word, 32))) };
    known.set(model, held);
  }
  return held.info;
}

function infoWords({ record, active }: RegisteredModel): bigint[] {
  const { macs, units, inputBytes, outputBytes, weightBytes } = record.sizes;
  const numbers = [active ? 2 : 1, record.activationBlock, macs, units, inputBytes, outputBytes, weightBytes];
  return [...numbers.map(BigInt), bytesToBigInt(record.owner), record.royalty];
}
