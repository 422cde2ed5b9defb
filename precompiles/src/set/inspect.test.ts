import { toHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { expect, it } from "vitest";
import { createWasmBackend } from "../backend/wasm-backend.ts";
import { loadModel } from "../model/load.ts";
import { runModel } from "../model/run-model.ts";
import { createDraw } from "../testing/draw.ts";
import { randomGraph } from "../testing/random-models.ts";
import { inspectModel } from "./inspect.ts";

const backend = createWasmBackend();
const GRAPHS = 60;

it(`each layer of ${GRAPHS} random graphs gives the judge's values, and the last the model's answer`, () => {
  let deepest = 0;
  for (let seed = 1; seed <= GRAPHS; seed++) {
    const { file, input } = randomGraph(createDraw(seed));
    const model = loadModel(file);
    const kernels = inspectModel(model, backend.load(model), backend, input);
    const judge = inspectModel(model, { run: (x) => runModel(model, x) }, backend, input);
    const told = ({ layers }: typeof kernels) => layers.map(({ micros, hash, ...layer }) => ({ ...layer, hash: toHex(hash) }));
    expect(told(kernels), `seed ${seed}`).toEqual(told(judge));
    expect([kernels.engine, judge.engine]).toEqual(["wasm", "reference"]);
    expect(kernels.layers.every(({ micros }) => micros >= 0)).toBe(true);
    const output = kernels.layers[model.steps.findIndex(({ layer }) => layer.output.index === model.model.output)];
    expect(toHex(output!.hash), `seed ${seed}`).toBe(toHex(sha256(runModel(model, input))));
    deepest = Math.max(deepest, kernels.layers.length);
  }
  expect(deepest).toBeGreaterThan(3);
});

it("a value that is wrong shows at its layer first", () => {
  const { file, input } = randomGraph(createDraw(7));
  const model = loadModel(file);
  const right = inspectModel(model, backend.load(model), backend, input);
  const other = input.map((byte, i) => (i === 0 ? byte ^ 0x40 : byte));
  const wrong = inspectModel(model, backend.load(model), backend, other);
  expect(right.layers.map(({ operator }) => operator)).toEqual(wrong.layers.map(({ operator }) => operator));
  expect(right.layers.map(({ hash }) => toHex(hash))).not.toEqual(wrong.layers.map(({ hash }) => toHex(hash)));
});
