/** The committed digit model and its held-out digits, for tests. */
import { readFileSync } from "node:fs";
import type { Bytes } from "@noema/core/bytes";
import { decodeLabelledDigits, type LabelledDigit } from "../heldout-digits.ts";

const read = (name: string): Bytes => new Uint8Array(readFileSync(new URL(`../../models/${name}`, import.meta.url)));

export const digitModelFile = (): Bytes => read("digits.nmodel");
export const digitReport = () => JSON.parse(Buffer.from(read("digits.json")).toString("utf8"));
export const heldOutDigits = (): LabelledDigit[] => decodeLabelledDigits(read("digits-heldout.bin"));
