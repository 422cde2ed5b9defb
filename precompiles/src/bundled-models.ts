/** The model and the digits that come with this package, beside its sources. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decodeLabelledDigits, type LabelledDigit } from "./heldout-digits.ts";

/** For `modelFolder`; files of genesis.json are copied from here by whoever writes one. */
export const BUNDLED_MODELS_FOLDER = fileURLToPath(new URL("../models/", import.meta.url));
export const DIGIT_MODEL = "digits.nmodel";

/** 2,004 digits that the model never saw, ordered by label. */
export function readHeldOutDigits(): LabelledDigit[] {
  return decodeLabelledDigits(new Uint8Array(readFileSync(`${BUNDLED_MODELS_FOLDER}digits-heldout.bin`)));
}
