import { toHex } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import { describe, expect, it } from "vitest";
import { readDigitScores } from "../digits.ts";
import { decodeModel } from "../format/decode.ts";
import { encodeModel } from "../format/encode.ts";
import type { Operator } from "../format/types.ts";
import { loadModel } from "../model/load.ts";
import { createModelBuilder } from "../model/model-builder.ts";
import { runModel } from "../model/run-model.ts";
import { digitModelFile, digitReport, heldOutDigits } from "../testing/digit-model.ts";
import { createDraw } from "../testing/draw.ts";
import { matmul } from "../testing/model-shapes.ts";
import { OPERATOR_NAMES, randomGraph, randomOperator } from "../testing/random-models.ts";
import { createWasmBackend } from "./wasm-backend.ts";
import { planModel } from "./wasm-plan.ts";

const backend = createWasmBackend();
const CASES = 120;

/** sha256 of the outputs for all held-out digits in order: a change of it is a fork. */
const GOLDEN_OUTPUTS = "2a1a2d05e1062790a02a62f2eb91dba98b61e96bd244c0cd27da36a2cff6bc83";

describe("WASM kernels", () => {
  for (const name of OPERATOR_NAMES)
    it(`${name}: the bytes of the reference on ${CASES} random shapes`, () => {
      for (let seed = 1; seed <= CASES; seed++) {
        const { file, input } = randomOperator(name, createDraw(seed));
        const model = loadModel(file);
        expect(toHex(backend.load(model).run(input)), `seed ${seed}`).toBe(toHex(runModel(model, input)));
      }
    });

  it(`whole graphs: the bytes of the reference on ${CASES} random ones`, () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const { file, input } = randomGraph(createDraw(seed));
      const model = loadModel(file);
      expect(toHex(backend.load(model).run(input)), `seed ${seed}`).toBe(toHex(runModel(model, input)));
    }
  });

  it("wraps accumulators mod 2^32 as the reference does", () => {
    const [k, n] = [65_535, 9];
    const builder = createModelBuilder([k], 127);
    const weights = { shape: [n, k], data: new Int8Array(n * k).fill(-128) };
    const bias = { shape: [n], data: Int32Array.from({ length: n }, (_, i) => 2 ** 31 - 1 - 40 * i) };
    const multipliers = { shape: [n], data: new Uint16Array(n).fill(32_767) };
    const model = loadModel(builder.build(builder.add("DENSE", [0, weights, bias, multipliers], { shape: [n] }, [23, -128, 127])));
    const input = new Uint8Array(k).fill(128);
    // 65,535 * 255 * 128 + 2^31 - 1 does not fit: the sum comes out negative.
    const output = backend.load(model).run(input);
    expect(toHex(output)).toBe(toHex(runModel(model, input)));
    expect((output[0]! << 24) >> 24).toBeLessThan(0);
  });

  it("runs the same input again to the same bytes, whatever ran between", () => {
    const { file, input } = randomOperator("CONV2D", createDraw(3));
    const model = backend.load(loadModel(file));
    const first = toHex(model.run(input));
    model.run(input.map((byte) => byte ^ 0x55));
    expect(toHex(model.run(input))).toBe(first);
  });

  it("lays out once a weight that many operators use: the file bounds the memory", () => {
    const [side, times] = [512, 64];
    const builder = createModelBuilder([side]);
    const weights = { shape: [side, side], data: new Int8Array(side * side).fill(3) };
    const scales = [new Int32Array(side), new Uint16Array(side).fill(9_000)].map((data) => ({ shape: [side], data }));
    const shape = { shape: [side] };
    const file = decodeModel(builder.build(builder.add("DENSE", [0, weights, ...scales], shape, [9, -128, 127])));
    const [first] = file.operators as [Operator];
    // Tensors 0 to 4 are those of the first operator; each further one makes tensor 5, 6, ... of the one before.
    const operators = Array.from({ length: times }, (_, i) => ({ ...first, inputs: [i === 0 ? 0 : 3 + i, 1, 2, 3], outputs: [4 + i] }));
    const tensors = [...file.tensors, ...Array.from({ length: times - 1 }, () => file.tensors[4]!)];
    const model = loadModel(encodeModel({ tensors, operators, input: 0, output: 3 + times }));
    expect(planModel(model).totalBytes).toBeLessThan(4 * side * side);
    const input = Uint8Array.from({ length: side }, (_, i) => i);
    expect(toHex(backend.load(model).run(input))).toBe(toHex(runModel(model, input)));
  });

  it("lays an activation where one lay that nobody reads any more", () => {
    const [side, times] = [4096, 50];
    const builder = createModelBuilder([side]);
    const table = { shape: [256], data: Int8Array.from({ length: 256 }, (_, i) => (i % 127) - 60) };
    const tables = (from: number, left: number): number =>
      left === 0 ? from : tables(builder.add("LUT8", [from, table], { shape: [side] }), left - 1);
    // The first is read again at the end: what comes between leaves it alone.
    const first = builder.add("LUT8", [builder.input, table], { shape: [side] });
    const file = builder.build(builder.add("ADD", [tables(first, times), first], { shape: [side] }, [16_384, 16_384, 14, -128, 127]));
    const model = loadModel(file);
    expect(planModel(model).totalBytes).toBeLessThan(6 * side + 4 * 256 * (times + 10));
    const input = Uint8Array.from({ length: side }, (_, i) => i);
    expect(toHex(backend.load(model).run(input))).toBe(toHex(runModel(model, input)));
  });

  it("lays the right side of a product out anew for every 64 rows, and for each matrix", () => {
    for (const file of [matmul(2, 130, 33), matmul(1, 130, 130, false), matmul(3, 65, 65, false), matmul(1, 64, 9)]) {
      const model = loadModel(file);
      const draw = createDraw(model.units);
      const input = Uint8Array.from({ length: model.inputBytes }, () => draw(0, 255));
      expect(toHex(backend.load(model).run(input))).toBe(toHex(runModel(model, input)));
    }
  });

  it("refuses an input of another length", () => {
    const { file, input } = randomOperator("LUT8", createDraw(1));
    const model = backend.load(loadModel(file));
    expect(() => model.run(input.subarray(1))).toThrowError(expect.objectContaining({ code: "MODEL_INPUT_INVALID" }));
  });
});

describe("the digit model", () => {
  const model = loadModel(digitModelFile());
  const runnable = backend.load(model);
  const digits = heldOutDigits();

  it("gives the golden bytes for all held-out digits, and the accuracy that its report says", () => {
    const outputs = digits.map(({ input }) => runnable.run(input));
    expect(toHex(sha256(...outputs))).toBe(GOLDEN_OUTPUTS);
    const right = outputs.filter((output, i) => readDigitScores(output).digit === digits[i]!.label).length;
    expect(right).toBe(digitReport().int8Right);
    expect(right / digits.length).toBeGreaterThanOrEqual(0.985);
  });

  it("is equal to the reference (every 100th digit; all of them in the slow suite)", () => {
    for (let i = 0; i < digits.length; i += 100)
      expect(toHex(runnable.run(digits[i]!.input))).toBe(toHex(runModel(model, digits[i]!.input)));
  });
});
