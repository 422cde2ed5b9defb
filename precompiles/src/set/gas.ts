/**
 * Gas follows work and is known before execution (inference.md section 5).
 * INFER = 3,000 + 3 for each 32-byte word of the model's input and of its output + ceil(units / 64),
 * and 2,600 + weightBytes / 32 (rounded up) when the model is used for the first time in a transaction.
 * A refused one costs 3,000 + 3 for each word of the call.
 */
import type { LoadedModel } from "../model/load.ts";

export const MODEL_INFO_GAS = 100;
/** Of a call to an address of the range where nothing is. */
export const ABSENT_GAS = 100;
const INFER_BASE_GAS = 3000;
const WORD_GAS = 3;
const COLD_MODEL_GAS = 2600;
/** Units a gas: an engine at 3.5 ns a gas and kernels at 10 to 20 ns for 256 multiply-accumulates. */
const UNITS_PER_GAS = 64;
const words = (bytes: number) => Math.ceil(bytes / 32);

/** Of a call to a model that is warm. */
export function inferGas({ inputBytes, outputBytes, units }: Pick<LoadedModel, "inputBytes" | "outputBytes" | "units">): number {
  return INFER_BASE_GAS + WORD_GAS * (words(inputBytes) + words(outputBytes)) + Math.ceil(units / UNITS_PER_GAS);
}

/** Of a call with so many bytes, the id included, that is refused. */
export function refusedInferGas(callBytes: number): number {
  return INFER_BASE_GAS + WORD_GAS * words(callBytes);
}

/** Once for each model in a transaction, on top. */
export function coldModelGas({ weightBytes }: Pick<LoadedModel, "weightBytes">): number {
  return COLD_MODEL_GAS + Math.ceil(weightBytes / 32);
}
