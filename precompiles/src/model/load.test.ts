import { expect, it } from "vitest";
import { createWasmBackend } from "../backend/wasm-backend.ts";
import { planModel } from "../backend/wasm-plan.ts";
import { MAX_LAID_OUT_BYTES, MAX_UNITS_PER_TX } from "../format/limits.ts";
import { chainOfProducts, manyProducts, tallDepthwise } from "../testing/hostile-models.ts";
import { loadModel } from "./load.ts";
import { runModel } from "./run-model.ts";

const exceeds = (what: string) => expect.objectContaining({ code: "MODEL_LIMIT_EXCEEDED", message: expect.stringContaining(what) });

it("refuses a model whose one inference no transaction may do, and takes the largest below", () => {
  // Of 512 x 512: 2 * 512 * 528 + 64 + 1,024 units each.
  const most = Math.floor(MAX_UNITS_PER_TX / (2 * 512 * 528 + 64 + 1024));
  expect(loadModel(chainOfProducts(most, 512)).units).toBeLessThanOrEqual(MAX_UNITS_PER_TX);
  expect(() => loadModel(chainOfProducts(most + 1, 512))).toThrowError(exceeds("units of one inference"));
});

it("refuses weights that take more memory laid out than a chain allows, and counts a shared one once", () => {
  // 65,536 x 1 takes a tile of 8 x 8 for each 8 bytes: half a MiB.
  const times = MAX_LAID_OUT_BYTES / 2 ** 19;
  expect(() => loadModel(manyProducts(times + 1, 65_536, 1, false))).toThrowError(exceeds("bytes of weights laid out"));
  const shared = loadModel(manyProducts(times + 1, 65_536, 1, true));
  expect(planModel(shared).totalBytes).toBeLessThan(8 * 2 ** 20);
  expect(() => loadModel(tallDepthwise(49))).toThrowError(exceeds("bytes of weights laid out"));
});

it("a file of 252 KiB lays out no more than its own weights", () => {
  const file = chainOfProducts(900, 496);
  expect(file.length).toBeLessThan(330_000);
  const model = loadModel(file);
  expect(planModel(model).totalBytes).toBeLessThan(2 ** 21);
  const input = new Uint8Array(496).fill(3);
  expect(createWasmBackend().load(model).run(input)).toEqual(runModel(model, input));
});

it("plans within what the limits allow: weights laid out and as they are, activations, descriptors", () => {
  for (const file of [manyProducts(96, 65_536, 1, false), manyProducts(200, 65_536, 1, true), tallDepthwise(47)])
    expect(planModel(loadModel(file)).totalBytes).toBeLessThan(160 * 2 ** 20);
});
