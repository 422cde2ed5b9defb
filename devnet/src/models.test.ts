import { copyFileSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUNDLED_MODELS_FOLDER, DIGIT_MODEL } from "@noema/precompiles/bundled-models";
import { describe, expect, it } from "vitest";
import { copyModels } from "./copy-models.ts";
import { newModels } from "./models.ts";

const folder = () => mkdtempSync(join(tmpdir(), "noema-models-"));
const digits = join(BUNDLED_MODELS_FOLDER, DIGIT_MODEL);
const copyOfDigits = (to: string, name: string) => {
  const path = join(to, name);
  copyFileSync(digits, path);
  writeFileSync(path.replace(".nmodel", ".json"), "{}");
  return path;
};

describe("models of a devnet", () => {
  it("lie in its directory with their cards, the digit model first", () => {
    const [from, datadir] = [folder(), folder()];
    mkdirSync(join(from, "more"));
    const model = [copyOfDigits(from, "one.nmodel")];
    copyOfDigits(join(from, "more"), "two.nmodel");
    const found = copyModels(datadir, { model, models: join(from, "more") });
    expect(found.map(([name]) => name)).toEqual(["digits.nmodel", "one.nmodel", "two.nmodel"]);
    for (const name of ["digits.nmodel", "digits.json", "one.nmodel", "one.json", "two.nmodel", "two.json"])
      expect(existsSync(join(datadir, "models", name)), name).toBe(true);
    expect(newModels(found, { model })).toEqual([]);
    expect(newModels([], { model })).toEqual(model);
  });

  it("what is no model ends the start", () => {
    const from = folder();
    const path = join(from, "x.nmodel");
    expect(() => copyModels(folder(), { model: [path] })).toThrow(expect.objectContaining({ code: "FILE_UNREADABLE" }));
    writeFileSync(path, "no model");
    expect(() => copyModels(folder(), { model: [path] })).toThrow(expect.objectContaining({ code: "MODEL_ENCODING_INVALID" }));
    writeFileSync(path, "an ONNX file, longer than the header of a model is ".repeat(2));
    expect(() => copyModels(folder(), { model: [path] })).toThrow(/x\.nmodel: .*noema model convert/);
  });

  it("two of one name are refused", () => {
    const model = [copyOfDigits(folder(), "same.nmodel"), copyOfDigits(folder(), "same.nmodel")];
    expect(() => copyModels(folder(), { model })).toThrow(expect.objectContaining({ code: "ARGUMENT_INVALID" }));
  });
});
