/** The digit example (encoding.md 11): 28 x 28 pixels, row-major, one byte each = (round(255 p) - 128) & 255; output 10 x int8. */
import type { Bytes } from "@noema/core/bytes";
import { fail } from "./errors.ts";

export const DIGIT_SIDE = 28;
export const DIGIT_PIXELS = DIGIT_SIDE * DIGIT_SIDE;
const DIGIT_CLASSES = 10;

function checked(values: ArrayLike<number>): void {
  if (values.length !== DIGIT_PIXELS)
    fail("DIGIT_INPUT_INVALID", `${values.length} pixels where ${DIGIT_PIXELS} are expected`, { length: values.length });
  for (let i = 0; i < DIGIT_PIXELS; i++)
    if (!(values[i]! >= 0 && values[i]! <= 255)) fail("DIGIT_INPUT_INVALID", `pixel ${i} is ${values[i]}, not 0 to 255`, { index: i });
}

/** 784 grey values of 0..255 to the model's input; throws DIGIT_INPUT_INVALID. */
export function encodeGreyDigit(grey: ArrayLike<number>): Bytes {
  checked(grey);
  return Uint8Array.from({ length: DIGIT_PIXELS }, (_, i) => (Math.round(grey[i]!) - 128) & 255);
}

/** The model's input back to 784 grey values of 0..255, for pictures. */
export function greyOfDigit(input: Bytes): Uint8Array {
  return input.map((byte) => (byte + 128) & 255);
}

/** Scores as int8 and the digit they say: the largest, the lowest index at a tie. */
export function readDigitScores(output: Bytes): { digit: number; scores: number[] } {
  if (output.length !== DIGIT_CLASSES)
    fail("DIGIT_INPUT_INVALID", `${output.length} scores where ${DIGIT_CLASSES} are expected`, { length: output.length });
  const scores = Array.from(output, (byte) => (byte << 24) >> 24);
  return { digit: scores.indexOf(Math.max(...scores)), scores };
}
