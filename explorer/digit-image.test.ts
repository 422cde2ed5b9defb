import { DIGIT_SIDE, encodeGreyDigit } from "@noema/precompiles/digits";
import { describe, expect, it } from "vitest";
import { modelInput, normaliseDrawing, SIDE } from "./src/digit-image.ts";

function rectangle(side: number, x: number, y: number, width: number, height: number): Float32Array {
  const ink = new Float32Array(side * side);
  for (let v = y; v < y + height; v++) for (let u = x; u < x + width; u++) ink[v * side + u] = 1;
  return ink;
}

function box(picture: Float32Array) {
  const at = [...picture.entries()].filter(([, p]) => p > 0.01).map(([i]) => [i % SIDE, Math.floor(i / SIDE)] as const);
  const [xs, ys] = [at.map((p) => p[0]), at.map((p) => p[1])];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

describe("normaliseDrawing", () => {
  it("scales to 20 pixels keeping the shape, and centres by mass, wherever the drawing was", () => {
    const there = normaliseDrawing(rectangle(280, 10, 20, 40, 100), 280) as Float32Array;
    const elsewhere = normaliseDrawing(rectangle(280, 200, 150, 40, 100), 280) as Float32Array;
    expect(elsewhere).toEqual(there);
    expect(box(there)).toEqual({ left: 10, right: 17, top: 4, bottom: 23 });
  });

  it("keeps the amount of ink by area", () => {
    const picture = normaliseDrawing(rectangle(280, 33, 17, 101, 100), 280) as Float32Array;
    expect(picture.reduce((a, b) => a + b)).toBeCloseTo(20 * 20 * (100 / 101), 0);
  });

  it("puts the centre of mass, not of the box, in the middle", () => {
    const ink = rectangle(280, 0, 0, 200, 40);
    rectangle(280, 0, 40, 20, 160).forEach((p, i) => {
      ink[i] = Math.max(ink[i] as number, p);
    });
    expect(box(normaliseDrawing(ink, 280) as Float32Array).top).toBeGreaterThan(4);
  });

  it("knows an empty drawing, and survives a single point and a full one", () => {
    expect(normaliseDrawing(new Float32Array(280 * 280), 280)).toBeUndefined();
    expect(normaliseDrawing(rectangle(280, 5, 5, 1, 1), 280)).toHaveLength(784);
    expect(normaliseDrawing(rectangle(280, 0, 0, 280, 280), 280)?.every((p) => p >= 0 && p <= 1)).toBe(true);
  });
});

describe("modelInput", () => {
  it("is (round(255 p) - 128) & 255, as the package of the model encodes it, whose error table is no part of the page", () => {
    expect([...modelInput(Float32Array.of(0, 1, 0.5))]).toEqual([128, 127, 0]);
    const picture = Float32Array.from({ length: DIGIT_SIDE * DIGIT_SIDE }, (_, i) => i / 783);
    expect(modelInput(picture)).toEqual(encodeGreyDigit(Array.from(picture, (p) => 255 * p)));
    expect(SIDE).toBe(DIGIT_SIDE);
  });
});
