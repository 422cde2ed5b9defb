import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeGreyDigit, greyOfDigit, readDigitScores } from "./digits.ts";
import { decodeLabelledDigits, encodeLabelledDigits } from "./heldout-digits.ts";
import { heldOutDigits } from "./testing/digit-model.ts";

const code = expect.objectContaining({ code: "DIGIT_INPUT_INVALID" });

describe("digits", () => {
  it("are bytes (grey - 128) & 255", () => {
    const bytes = encodeGreyDigit(Array.from({ length: 784 }, (_, i) => [0, 255, 127.5, 128][i % 4]!));
    expect([...bytes.subarray(0, 4)]).toEqual([128, 127, 0, 0]);
    expect([...encodeGreyDigit(new Uint8Array(784).fill(200)).subarray(0, 2)]).toEqual([72, 72]);
    expect(greyOfDigit(encodeGreyDigit(new Uint8Array(784).fill(200)))[0]).toBe(200);
  });

  it("refuse another size and values out of range", () => {
    for (const wrong of [[], new Array(784).fill(256), new Array(784).fill(Number.NaN), new Array(785).fill(0)])
      expect(() => encodeGreyDigit(wrong)).toThrowError(code);
  });

  it("are read as the largest score, the lowest index at a tie", () => {
    expect(readDigitScores(new Uint8Array([128, 5, 127, 127, 200, 0, 0, 0, 0, 0]))).toMatchObject({ digit: 2 });
    expect(readDigitScores(new Uint8Array(10).fill(128))).toEqual({ digit: 0, scores: new Array(10).fill(-128) });
    expect(() => readDigitScores(new Uint8Array(9))).toThrowError(code);
  });
});

describe("the held-out file", () => {
  it("has every class and survives a round trip", () => {
    const digits = heldOutDigits();
    expect(digits.length).toBe(2004);
    expect(new Set(digits.map(({ label }) => label)).size).toBe(10);
    expect(decodeLabelledDigits(encodeLabelledDigits(digits.slice(0, 3)))).toEqual(digits.slice(0, 3));
  });

  it("of any other form is refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 900 }), (bytes) => {
        if (bytes.length === 4 && bytes.every((byte) => byte === 0)) return;
        try {
          expect(encodeLabelledDigits(decodeLabelledDigits(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toEqual(code);
        }
      }),
      { seed: 5 },
    );
  });
});
