import { expect, it } from "vitest";
import { loadModel } from "../../model/load.ts";
import { createModelBuilder } from "../../model/model-builder.ts";
import { OPERATORS } from "../../operators/table.ts";
import { digitModelFile } from "../../testing/digit-model.ts";
import { packColumns } from "./layout.ts";
import { gpuOperator } from "./operators.ts";
import { planForGpu } from "./plan.ts";
import { STEP_BYTES, STEP_FIELDS } from "./step.ts";

const ROOM = 2 ** 27;

it("every operator of the set has a kernel, and its step fits a uniform", () => {
  for (const [name, { code }] of Object.entries(OPERATORS)) expect(gpuOperator(code), name).toBeDefined();
  expect(4 * STEP_FIELDS.length).toBeLessThanOrEqual(STEP_BYTES);
});

it("columns are blocks of four, words of one tap after another, zeros where nothing is", () => {
  const [n, taps, channels] = [5, 2, 5];
  const weights = Int8Array.from({ length: n * taps * channels }, (_, i) => i + 1);
  const packed = packColumns(weights, n, taps, channels);
  expect(packed.length).toBe(8 * taps * 8);
  const at = (column: number, tap: number, c: number) =>
    packed[((column >> 2) * 4 * 4 + (tap * 2 + (c >> 2)) * 4 + (column & 3)) * 4 + (c & 3)];
  for (let column = 0; column < 8; column++)
    for (let tap = 0; tap < taps; tap++)
      for (let c = 0; c < 8; c++)
        expect(at(column, tap, c)).toBe(column < n && c < channels ? weights[(column * taps + tap) * channels + c] : 0);
});

it("a model that does not fit the buffers is left to WASM before anything is packed for it", () => {
  const model = loadModel(digitModelFile());
  const plan = planForGpu(model, ROOM)!;
  expect(plan.steps.length).toBe(plan.dispatches.length * STEP_BYTES);
  expect(planForGpu(model, plan.constants.length)).toBeDefined();
  expect(planForGpu(model, plan.constants.length - 1)).toBeUndefined();
});

it("lays out once what many operators share: the file bounds the memory", () => {
  const [k, times] = [512, 64];
  const builder = createModelBuilder([k]);
  const shared = [new Int8Array(k * k).fill(3), new Int32Array(k), new Uint16Array(k).fill(9)] as const;
  const [weights, bias, multipliers] = shared;
  const inputs = [
    { shape: [k, k], data: weights },
    { shape: [k], data: bias },
    { shape: [k], data: multipliers },
  ];
  let x = builder.add("DENSE", [0, ...inputs], { shape: [k] }, [9, -128, 127]);
  // Tensors 1 to 3 are the weights of the first.
  for (let i = 1; i < times; i++) x = builder.add("DENSE", [x, 1, 2, 3], { shape: [k], zeroPoint: i }, [9, -128, 127]);
  const plan = planForGpu(loadModel(builder.build(x)), ROOM)!;
  expect(plan.constants.length).toBeLessThan(1.1 * k * k);
});
