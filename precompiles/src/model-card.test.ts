import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BUNDLED_MODELS_FOLDER, DIGIT_MODEL } from "./bundled-models.ts";
import { readModelCard } from "./model-card.ts";

const folder = mkdtempSync(join(tmpdir(), "noema-card-"));
const card = { description: "d", input: { encoding: "i" }, output: { encoding: "o", labels: ["yes", "no"], temperature: 2 } };
const written = (text: string) => {
  writeFileSync(join(folder, "m.json"), text);
  return () => readModelCard(folder, "m.nmodel");
};

it("the digit model says what its bytes mean", () => {
  expect(readModelCard(BUNDLED_MODELS_FOLDER, DIGIT_MODEL)).toMatchObject({
    input: { encoding: expect.stringContaining("28 rows of 28") },
    output: { labels: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] },
  });
});

it("a model needs none", () => {
  expect(readModelCard(folder, "other.nmodel")).toBeUndefined();
  expect(written(JSON.stringify({ recipe: 1 }))()).toBeUndefined();
  expect(written(JSON.stringify({ recipe: 1, interface: card }))()).toEqual(card);
});

it.each([
  ["no JSON", "{"],
  ["null", "null"],
  ["labels that are no words", JSON.stringify({ interface: { ...card, output: { encoding: "o", labels: [1] } } })],
  ["a temperature of 0", JSON.stringify({ interface: { ...card, output: { encoding: "o", temperature: 0 } } })],
  ["a field of another name", JSON.stringify({ interface: { ...card, labels: [] } })],
  ["a megabyte", `${" ".repeat(1 << 20)}{}`],
])("refuses %s, and names the file", (_, text) => {
  expect(written(text)).toThrowError(expect.objectContaining({ code: "MODEL_CARD_INVALID", message: expect.stringContaining("m.json") }));
});
