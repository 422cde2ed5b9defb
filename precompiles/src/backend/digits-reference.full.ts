import { toHex } from "@noema/core/bytes";
import { expect, it } from "vitest";
import { loadModel } from "../model/load.ts";
import { runModel } from "../model/run-model.ts";
import { digitModelFile, heldOutDigits } from "../testing/digit-model.ts";
import { createDraw } from "../testing/draw.ts";
import { OPERATOR_NAMES, randomGraph, randomOperator } from "../testing/random-models.ts";
import { createWasmBackend } from "./wasm-backend.ts";

const backend = createWasmBackend();

it("kernels and reference agree on every held-out digit", () => {
  const model = loadModel(digitModelFile());
  const runnable = backend.load(model);
  for (const [i, { input }] of heldOutDigits().entries())
    expect(toHex(runnable.run(input)), `digit ${i}`).toBe(toHex(runModel(model, input)));
});

it("kernels and reference agree on 1,000 random models of each operator (seeds 1,000 to 1,999)", () => {
  for (const name of OPERATOR_NAMES)
    for (let seed = 1000; seed < 2000; seed++) {
      const { file, input } = randomOperator(name, createDraw(seed));
      const model = loadModel(file);
      expect(toHex(backend.load(model).run(input)), `${name}, seed ${seed}`).toBe(toHex(runModel(model, input)));
    }
});

it("kernels and reference agree on 3,000 random graphs (seeds 1,000 to 3,999)", () => {
  for (let seed = 1000; seed < 4000; seed++) {
    const { file, input } = randomGraph(createDraw(seed));
    const model = loadModel(file);
    expect(toHex(backend.load(model).run(input)), `seed ${seed}`).toBe(toHex(runModel(model, input)));
  }
});
