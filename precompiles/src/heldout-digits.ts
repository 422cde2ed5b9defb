/**
 * models/digits-heldout.bin: u32le count, then for each digit its label and its 784 bytes as the model takes them.
 * The digits that models/digits.nmodel never saw, so that a demonstration needs no data package.
 */
import type { Bytes } from "@noema/core/bytes";
import { DIGIT_PIXELS } from "./digits.ts";
import { fail } from "./errors.ts";

export interface LabelledDigit {
  label: number;
  /** Model input. */
  input: Bytes;
}

const RECORD = 1 + DIGIT_PIXELS;

export function encodeLabelledDigits(digits: readonly LabelledDigit[]): Bytes {
  const out = new Uint8Array(4 + RECORD * digits.length);
  new DataView(out.buffer).setUint32(0, digits.length, true);
  for (const [i, { label, input }] of digits.entries()) {
    out[4 + RECORD * i] = label;
    out.set(input, 5 + RECORD * i);
  }
  return out;
}

/** Throws DIGIT_INPUT_INVALID. */
export function decodeLabelledDigits(file: Bytes): LabelledDigit[] {
  const count = file.length < 4 ? -1 : new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  if (file.length !== 4 + RECORD * count) fail("DIGIT_INPUT_INVALID", `file of ${file.length} bytes for ${count} digits`);
  return Array.from({ length: count }, (_, i) => {
    const at = 4 + RECORD * i;
    const label = file[at]!;
    if (label > 9) fail("DIGIT_INPUT_INVALID", `digit ${i} has the label ${label}`);
    return { label, input: file.slice(at + 1, at + RECORD) };
  });
}
