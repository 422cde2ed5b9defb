import { readFileSync } from "node:fs";
import { BUNDLED_MODELS_FOLDER, DIGIT_MODEL } from "@noema/precompiles/bundled-models";

export function bundledModel(): Uint8Array {
  return new Uint8Array(readFileSync(`${BUNDLED_MODELS_FOLDER}${DIGIT_MODEL}`));
}
