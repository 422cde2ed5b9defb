/** The committed digit model and its report, for tests. */
import { readFileSync } from "node:fs";
import type { Bytes } from "@noema/core/bytes";
import { BUNDLED_MODELS_FOLDER, DIGIT_MODEL } from "../bundled-models.ts";
import { decodeLabelledDigits, type LabelledDigit } from "../heldout-digits.ts";

export const digitModelFile = (): Bytes => new Uint8Array(readFileSync(`${BUNDLED_MODELS_FOLDER}${DIGIT_MODEL}`));
export const digitReport = () => JSON.parse(readFileSync(`${BUNDLED_MODELS_FOLDER}digits.json`, "utf8"));

/** 2,004 digits that the model never saw, ordered by label. */
export const heldOutDigits = (): LabelledDigit[] =>
  decodeLabelledDigits(new Uint8Array(readFileSync(`${BUNDLED_MODELS_FOLDER}digits-heldout.bin`)));
