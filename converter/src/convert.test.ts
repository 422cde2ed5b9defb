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

it("the index that an ArgMax says has a label for each of what it chooses from", () => {
  const list: TestNode[] = [...LIST.slice(0, -1), { op: "ArgMax", inputs: ["y9"], attributes: { axis: 1, keepdims: 0 } }];
  const names = Array.from({ length: 10 }, (_, i) => `name ${i}`);
  const options = { calibration: inputs(8, 768), names, description: "a test" };
  const { file, report } = convert(importOnnx(onnxModel([1, 3, 16, 16], list, PARTS)), options);
  expect(loadModel(file)).toMatchObject({ outputType: "int32", outputBytes: 4 });
  expect(report.interface.output.labels).toEqual(names);
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

/** Attention as exporters write it: embedding, norm, heads by Reshape and Transpose, Softmax, residual, a table of Gelu. */
const ATTENTION: TestNode[] = [
  { op: "Gather", inputs: ["table", "x"], outputs: ["e"] },
  { op: "LayerNormalization", inputs: ["e", "g", "b"], outputs: ["n"] },
  ...["q", "k", "v"].flatMap((name): TestNode[] => [
    { op: "MatMul", inputs: ["n", `w${name}`], outputs: [`${name}0`] },
    { op: "Reshape", inputs: [`${name}0`, "heads"], outputs: [`${name}1`] },
    { op: "Transpose", inputs: [`${name}1`], outputs: [`${name}2`], attributes: { perm: name === "k" ? [0, 2, 3, 1] : [0, 2, 1, 3] } },
  ]),
  { op: "MatMul", inputs: ["q2", "k2"], outputs: ["s"] },
  { op: "Mul", inputs: ["s", "half"], outputs: ["s1"] },
  { op: "Softmax", inputs: ["s1"], outputs: ["a"] },
  { op: "MatMul", inputs: ["a", "v2"], outputs: ["o"] },
  { op: "Transpose", inputs: ["o"], outputs: ["o1"], attributes: { perm: [0, 2, 1, 3] } },
  { op: "Reshape", inputs: ["o1", "flat"], outputs: ["o2"] },
  { op: "Add", inputs: ["o2", "e"], outputs: ["r"] },
  { op: "Gelu", inputs: ["r"], outputs: ["u"] },
  { op: "ReduceMean", inputs: ["u"], outputs: ["m"], attributes: { axes: [2], keepdims: 0 } },
];

it("attention, the operators of a transformer", () => {
  const parts = [
    weights("table", [50, 8], 1, 2),
    floats(
      "g",
      [8],
      reals(8, 2).map((x) => 1 + x / 4),
    ),
    weights("b", [8], 3, 0.1),
    ...["q", "k", "v"].map((name, i) => weights(`w${name}`, [8, 8], 4 + i)),
    floats("half", [], [0.5]),
    { name: "heads", dims: [4], dataType: 7, int64Data: [1, 6, 2, 4] },
    { name: "flat", dims: [3], dataType: 7, int64Data: [1, 6, 8] },
  ];
  const tokens = (n: number, from: number) => inputs(n, 6, from).map((x) => x.map((v) => Math.floor((v + 1) * 25) % 50));
  const source = importOnnx(onnxModel([1, 6], ATTENTION, parts));
  const { report, file } = convert(source, { calibration: tokens(60, 1), test: { inputs: tokens(200, 900) }, description: "" });
  expect(loadModel(file)).toMatchObject({ inputBytes: 6, outputBytes: 6 });
  expect(report.comparison.relativeError).toBeLessThan(0.06);
});

it("a ground of one colour falls on a step: it is not rounded", () => {
  const list: TestNode[] = [
    { op: "Conv", inputs: ["x", "w0", "b0"], attributes: { pads: [1, 1, 1, 1] } },
    { op: "Relu", inputs: ["y0"] },
    { op: "Conv", inputs: ["y1", "w1"], attributes: { pads: [1, 1, 1, 1] } },
  ];
  const bias = floats(
    "b0",
    [16],
    reals(16, 8).map((x) => Math.abs(x)),
  );
  const parts = [
    weights("w0", [16, 1, 3, 3], 1, 2),
    bias,
    floats(
      "w1",
      [1, 16, 3, 3],
      reals(144, 9).map((x) => Math.abs(x)),
    ),
  ];
  // A stroke of five pixels' width on a ground of zeros.
  const drawing = (_: unknown, i: number) =>
    Float32Array.from({ length: 1024 }, (_, at) => (Math.abs((at % 32) - 5 - (i % 20)) < 3 ? reals(1, at + i)[0]! : 0));
  const drawings = (n: number) => Array.from({ length: n }, drawing);
  const { file } = convert(importOnnx(onnxModel([1, 1, 32, 32], list, parts)), { calibration: drawings(8), description: "" });
  const { model } = loadModel(file);
  const [, , bias32, multipliers] = model.operators[0]!.inputs.map((at) => model.tensors[at]!.data!) as [
    Int8Array,
    Int8Array,
    Int32Array,
    Uint16Array,
  ];
  const shift = model.operators[0]!.attributes[6]!;
  // Of zeros all around, the first convolution's sum is its bias.
  const steps = Array.from(bias32, (b, i) => (b * multipliers[i]!) / 2 ** (16 + shift));
  expect(steps.map((x) => Math.abs(x - Math.round(x))).filter((rest) => rest > 0.03)).toEqual([]);
});

it.each([
  ["too few labels", { names: ["a"] }, /1 labels for an output of 10/],
  ["an empty label", { names: Array.from({ length: 10 }, (_, i) => (i === 4 ? " " : `${i}`)) }, /line 5 is empty/],
  ["answers for other inputs", { test: { inputs: inputs(2, 768), labels: [1] } }, /1 right answers for 2 inputs/],
])("%s: refused before anything is computed", (_, options, why) => {
  expect(() => convert(source(), { calibration: inputs(1, 768), description: "", ...options })).toThrow(why);
});

it("a depthwise convolution may have weights that no multiplier says, where its input's channel is small", () => {
  const small = reals(8 * 3, 1).map((w, i) => (i < 3 ? 0.002 * Math.abs(w) : w));
  const large = reals(8 * 9, 2).map((w, i) => (i < 9 ? 800 * w : w));
  const list: TestNode[] = [
    { op: "Conv", inputs: ["x", "w0"] },
    { op: "Clip", inputs: ["y0", "zero", "six"] },
    { op: "Conv", inputs: ["y1", "w1"], attributes: { pads: [1, 1, 1, 1], group: 8 } },
    { op: "Clip", inputs: ["y2", "zero", "six"] },
  ];
  const parts = [floats("w0", [8, 3, 1, 1], small), floats("w1", [8, 1, 3, 3], large), floats("zero", [], [0]), floats("six", [], [6])];
  const images = (from: number) => inputs(8, 3 * 64, from).map((x) => x.map(Math.abs));
  const options = { calibration: images(1), test: { inputs: images(100) }, description: "a test" };
  const { report } = convert(importOnnx(onnxModel([1, 3, 8, 8], list, parts)), options);
  expect(report.comparison.relativeError).toBeLessThan(0.04);
});

it("stretched to what calibration shows, channels of small numbers lose less; as they are, where nobody says that it shows all", () => {
  const small = reals(8 * 3, 1).map((w, i) => (i < 21 ? 0.05 * w : w));
  const large = reals(4 * 8, 2).map((w, i) => (i % 8 < 7 ? 20 * w : w));
  const list: TestNode[] = [
    { op: "Conv", inputs: ["x", "w0"] },
    { op: "Relu", inputs: ["y0"] },
    { op: "Conv", inputs: ["y1", "w1"] },
  ];
  const model = onnxModel([1, 3, 8, 8], list, [floats("w0", [8, 3, 1, 1], small), floats("w1", [4, 8, 1, 1], large)]);
  const options = { calibration: inputs(16, 192), test: { inputs: inputs(16, 192, 100) }, description: "a test" };
  const lost = (stretch: boolean) => convert(importOnnx(model), { ...options, stretch }).report.comparison.relativeError;
  expect(lost(true)).toBeLessThan(0.5 * lost(false));
});

it("weights that no multiplier says, of a channel as large as any other, are not cut: the result's steps are wider", () => {
  const edges = Array.from({ length: 9 }, (_, i) => (i === 4 ? 40 : -5));
  const list: TestNode[] = [
    { op: "Clip", inputs: ["x", "zero", "six"] },
    { op: "Conv", inputs: ["y0", "w1"], attributes: { pads: [1, 1, 1, 1], group: 3 } },
    { op: "Clip", inputs: ["y1", "zero", "six"] },
  ];
  const parts = [floats("w1", [3, 1, 3, 3], [...edges, ...reals(18, 2)]), floats("zero", [], [0]), floats("six", [], [6])];
  const images = (from: number) => inputs(8, 3 * 64, from).map((x) => x.map((v) => 3 + 0.1 * v + (v > 0.9 ? 2.9 : 0)));
  const options = { calibration: images(1), test: { inputs: images(100) }, description: "a test" };
  const { report } = convert(importOnnx(onnxModel([1, 3, 8, 8], list, parts)), options);
  expect(report.comparison.relativeError).toBeLessThan(0.04);
});

it("a table of more rows than a byte tells is refused by the operator's name", () => {
  const model = onnxModel([1, 4], [{ op: "Gather", inputs: ["table", "x"] }], [weights("table", [257, 2], 1)]);
  const calibration = [new Float32Array(4)];
  expect(() => convert(importOnnx(model), { calibration, description: "" })).toThrow(
    /Gather node0: GATHER takes rows by a byte, 256 .* 257/,
  );
});
