/** The committed digit model and its report, for tests. */
import { readFileSync } from "node:fs";
import type { Bytes } from "@noema/core/bytes";
import { BUNDLED_MODELS_FOLDER, DIGIT_MODEL } from "../bundled-models.ts";

export { readHeldOutDigits as heldOutDigits } from "../bundled-models.ts";

export const digitModelFile = (): Bytes => new Uint8Array(readFileSync(`${BUNDLED_MODELS_FOLDER}${DIGIT_MODEL}`));
export const digitReport = () => JSON.parse(readFileSync(`${BUNDLED_MODELS_FOLDER}digits.json`, "utf8"));
