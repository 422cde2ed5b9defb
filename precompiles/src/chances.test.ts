import { expect, it } from "vitest";
import { createWasmBackend } from "./backend/wasm-backend.ts";
import { BUNDLED_MODELS_FOLDER, DIGIT_MODEL } from "./bundled-models.ts";
import { type Answered, chances, fitTemperature } from "./chances.ts";
import { readDigitScores } from "./digits.ts";
import { loadModel } from "./model/load.ts";
import { readModelCard } from "./model-card.ts";
import { digitModelFile, heldOutDigits } from "./testing/digit-model.ts";

it("sum to one and keep the order, also where exp overflows", () => {
  for (const scores of [[1, 1], [-128, 127, 0], new Array(10).fill(127), [5000, -5000]]) {
    const given = chances(scores, 1);
    expect(given.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(given.indexOf(Math.max(...given))).toBe(scores.indexOf(Math.max(...scores)));
  }
  expect(chances([7, 7], 3)).toEqual([0.5, 0.5]);
});

it("a digit that is all but excluded is not drawn as likely", () => {
  const scores = [-41, -49, -53, -51, -41, -40, -43, -51, -43, 98];
  const given = chances(scores, 12);
  expect(given[9]).toBeGreaterThan(0.999);
  for (const chance of given.slice(0, 9)) expect(chance).toBeLessThan(0.001);
});

it("the digit model's temperature is the fitted one, and its chances are what happens", () => {
  const model = createWasmBackend().load(loadModel(digitModelFile()));
  const answers: Answered[] = heldOutDigits().map(({ label, input }) => ({ label, scores: readDigitScores(model.run(input)).scores }));
  const temperature = readModelCard(BUNDLED_MODELS_FOLDER, DIGIT_MODEL)?.output.temperature as number;
  expect(temperature).toBe(fitTemperature(answers));
  const said = answers.map(({ scores }) => Math.max(...chances(scores, temperature)));
  const right = answers.map(({ label, scores }) => (scores.indexOf(Math.max(...scores)) === label ? 1 : 0));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  expect(Math.abs(mean(said) - mean(right))).toBeLessThan(0.005);
  // A doubtful answer is shown as one: of those under 90 %, a good part is wrong.
  const doubtful = right.filter((_, i) => (said[i] as number) < 0.9);
  expect(doubtful.length).toBeGreaterThan(10);
  expect(mean(doubtful)).toBeLessThan(0.9);
});
