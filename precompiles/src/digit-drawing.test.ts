import { expect, it } from "vitest";
import { createBackend } from "./backend/create-backend.ts";
import { normaliseDrawing } from "./digit-drawing.ts";
import { encodeGreyDigit, greyOfDigit, readDigitScores } from "./digits.ts";
import { loadModel } from "./model/load.ts";
import { digitModelFile, heldOutDigits } from "./testing/digit-model.ts";

const SIDE = 280;

/** The digit five times as large, off centre, on a canvas of 280 x 280. */
function onCanvas(grey: Uint8Array, dx: number, dy: number): Uint8Array {
  const canvas = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < 140; y++)
    for (let x = 0; x < 140; x++) canvas[(y + dy) * SIDE + x + dx] = grey[Math.floor(y / 5) * 28 + Math.floor(x / 5)]!;
  return canvas;
}

it("reads held-out digits wherever and however large they are drawn", () => {
  const model = createBackend("wasm").load(loadModel(digitModelFile()));
  const digits = heldOutDigits().filter((_, i) => i % 20 === 0);
  const right = digits.filter(({ input, label }, i) => {
    const picture = normaliseDrawing(onCanvas(greyOfDigit(input), (i * 7) % 140, (i * 13) % 140), SIDE, SIDE);
    return readDigitScores(model.run(encodeGreyDigit(picture))).digit === label;
  });
  expect(right.length / digits.length).toBeGreaterThanOrEqual(0.97);
});

it("leaves an empty drawing empty", () => {
  expect(normaliseDrawing(new Uint8Array(100), 10, 10)).toEqual(new Uint8Array(784));
});
