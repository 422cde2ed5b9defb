import { loadModel } from "@noema/precompiles/model/load";
import { expect, it } from "vitest";
import { convert } from "./convert.ts";
import { importOnnx } from "./onnx/import.ts";
import { bytes, floats, onnxModel, reals, type TestNode } from "./onnx/testing/onnx-model.ts";

const inputs = (n: number, size: number, from = 1) => Array.from({ length: n }, (_, i) => reals(size, from + i));
const weights = (name: string, dims: number[], seed: number, scale = 1) =>
  floats(
    name,
    dims,
    reals(
      dims.reduce((a, b) => a * b),
      seed,
    ).map((x) => x * scale),
  );

/** A small network with a residual, a depthwise convolution, hard swish, a mean and a dense layer. */
const LIST: TestNode[] = [
  { op: "Conv", inputs: ["x", "w0", "b0"], attributes: { pads: [1, 1, 1, 1], strides: [2, 2] } },
  { op: "HardSwish", inputs: ["y0"] },
  { op: "Conv", inputs: ["y1", "w1"], attributes: { pads: [1, 1, 1, 1], group: 8 } },
  { op: "Relu", inputs: ["y2"] },
  { op: "Conv", inputs: ["y3", "w2"] },
  { op: "Add", inputs: ["y4", "y1"] },
  { op: "MaxPool", inputs: ["y5"], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
  { op: "GlobalAveragePool", inputs: ["y6"] },
  { op: "Flatten", inputs: ["y7"] },
  { op: "Gemm", inputs: ["y8", "w3", "b3"] },
  { op: "Softmax", inputs: ["y9"] },
];
const PARTS = [
  weights("w0", [8, 3, 3, 3], 1, 0.4),
  weights("b0", [8], 2, 0.2),
  weights("w1", [8, 1, 3, 3], 3, 0.5),
  weights("w2", [8, 8, 1, 1], 4, 0.5),
  weights("w3", [8, 10], 5),
  weights("b3", [10], 6, 0.1),
];
const source = () => importOnnx(onnxModel([1, 3, 16, 16], LIST, PARTS));

it("int8 says what float says, within what 8 bits allow", () => {
  const [calibration, test] = [inputs(24, 768), inputs(200, 768, 1000)];
  const { file, report } = convert(source(), { calibration, test: { inputs: test }, description: "a test" });
  const { comparison } = report;
  expect(comparison.inputs).toBe(200);
  expect(comparison.relativeError).toBeLessThan(0.03);
  expect(comparison.sameBest).toBeGreaterThanOrEqual(190);
  expect(loadModel(file)).toMatchObject({ inputBytes: 768, outputBytes: 10 });
  expect(report.interface.output.encoding).toMatch(/before the softmax/);
});

it("the same source and inputs give the same bytes", () => {
  const options = { calibration: inputs(4, 768), description: "a test" };
  expect(convert(source(), options).file).toEqual(convert(source(), options).file);
});

it("right answers are counted where they are known", () => {
  const test = inputs(20, 768, 7);
  const { report } = convert(source(), {
    calibration: inputs(8, 768),
    test: { inputs: test, labels: test.map(() => 11) },
    description: "a test",
  });
  expect(report.comparison).toMatchObject({ floatRight: 0, int8Right: 0 });
});

it("inputs that are not finite calibrate nothing", () => {
  const calibration = [new Float32Array(768).fill(Number.POSITIVE_INFINITY)];
  expect(() => convert(source(), { calibration, description: "" })).toThrow(expect.objectContaining({ code: "CONVERT_DATA_INVALID" }));
});

it("a quantised source's weights arrive as they are", () => {
  const list: TestNode[] = [
    { op: "QuantizeLinear", inputs: ["x", "s", "z"] },
    { op: "DequantizeLinear", inputs: ["y0", "s", "z"] },
    { op: "DequantizeLinear", inputs: ["w", "ws"], attributes: { axis: 1 } },
    { op: "MatMul", inputs: ["y1", "y2"] },
    { op: "QuantizeLinear", inputs: ["y3", "t", "z"] },
    { op: "DequantizeLinear", inputs: ["y4", "t", "z"] },
  ];
  const q = [100, -3, 5, 17, -128, 9];
  const constants = [
    floats("s", [], [0.01]),
    bytes("z", [], [3]),
    floats("t", [], [0.02]),
    bytes("w", [3, 2], q),
    floats("ws", [2], [0.01, 0.02]),
  ];
  const { file, report } = convert(importOnnx(onnxModel([1, 3], list, constants)), {
    calibration: inputs(2, 3),
    test: { inputs: inputs(500, 3) },
    description: "",
  });
  const { model } = loadModel(file);
  expect(model.tensors[1]!.data).toEqual(Int8Array.of(100, 5, -128, -3, 17, 9)); // [N, K]
  expect(model.tensors.map(({ zeroPoint }) => zeroPoint)).toEqual([3, 0, 0, 0, 3]);
  expect(report.comparison.relativeError).toBeLessThan(0.003); // equal but for roundings of exact halves and of M
});
