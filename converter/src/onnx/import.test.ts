import { isNoemaError } from "@noema/core/errors";
import { describe, expect, it } from "vitest";
import { runFloat } from "../float/run.ts";
import { prepare } from "../ir/prepare.ts";
import { importOnnx } from "./import.ts";
import { bytes, floats, longs, nodes, onnxModel, reals, type TestNode } from "./testing/onnx-model.ts";

/** What the graph computes, before and after the passes, which must not change it. */
function answer(model: Uint8Array, x: ArrayLike<number>): number[] {
  const { graph } = importOnnx(model);
  const input = Float32Array.from(x);
  const before = [...runFloat(graph, input).get(graph.output)!];
  const prepared = prepare(graph, true);
  const after = [...runFloat(prepared, input).get(prepared.output)!];
  for (const [i, value] of after.entries()) expect(value).toBeCloseTo(before[i]!, 4);
  return after;
}

const kinds = (model: Uint8Array) => prepare(importOnnx(model).graph).nodes.map(({ op }) => op.kind);
const close = (got: number[], want: number[]) =>
  expect(got.map((x) => Number(x.toFixed(4)))).toEqual(want.map((x) => Number(x.toFixed(4))));

/** Convolution as ONNX defines it, channels first, written from its definition. */
function conv(
  x: ArrayLike<number>,
  [c, h, w]: number[],
  weights: Float32Array,
  [n, perGroup, kh, kw]: number[],
  groups: number,
  pad: number,
  dilation = 1,
): number[] {
  const [oh, ow] = [h! + 2 * pad - dilation * (kh! - 1), w! + 2 * pad - dilation * (kw! - 1)];
  const out: number[] = [];
  for (let o = 0; o < n!; o++)
    for (let y = 0; y < oh; y++)
      for (let z = 0; z < ow; z++) {
        let sum = 0;
        for (let i = 0; i < perGroup!; i++)
          for (let ky = 0; ky < kh!; ky++)
            for (let kx = 0; kx < kw!; kx++) {
              const [iy, ix] = [y + ky * dilation - pad, z + kx * dilation - pad];
              const channel = Math.floor(o / (n! / groups)) * perGroup! + i;
              if (iy >= 0 && ix >= 0 && iy < h! && ix < w!)
                sum += x[(channel * h! + iy) * w! + ix]! * weights[((o * perGroup! + i) * kh! + ky) * kw! + kx]!;
            }
        out.push(sum);
      }
  expect(c! / groups).toBe(perGroup);
  return out;
}

/** From channels first to the graph's channels last, and back. */
const last = (x: ArrayLike<number>, [c, h, w]: number[]) =>
  Array.from({ length: c! * h! * w! }, (_, i) => x[((i % c!) * h! + Math.floor(i / (c! * w!))) * w! + (Math.floor(i / c!) % w!)]!);

describe("convolutions are those of ONNX", () => {
  it.each([
    { name: "plain", shape: [3, 5, 6], weights: [4, 3, 3, 3], groups: 1, pad: 1, dilation: 1, kind: "conv" },
    { name: "depthwise", shape: [4, 5, 5], weights: [4, 1, 3, 3], groups: 4, pad: 1, dilation: 1, kind: "depthwise" },
    { name: "in groups", shape: [4, 5, 5], weights: [6, 2, 3, 3], groups: 2, pad: 0, dilation: 1, kind: "conv" },
    { name: "dilated", shape: [2, 7, 7], weights: [3, 2, 3, 3], groups: 1, pad: 2, dilation: 2, kind: "conv" },
  ])("$name", ({ shape, weights, groups, pad, dilation, kind }) => {
    const [x, w] = [
      reals(shape.reduce((a, b) => a * b)),
      reals(
        weights.reduce((a, b) => a * b),
        7,
      ),
    ];
    const attributes = { group: groups, pads: [pad, pad, pad, pad], dilations: [dilation, dilation] };
    const model = onnxModel([1, ...shape], [{ op: "Conv", inputs: ["x", "w"], attributes }], [floats("w", weights, w)]);
    const want = conv(x, shape, w, weights, groups, pad, dilation);
    const grown = 2 * pad - dilation * 2;
    const wanted = [weights[0]!, shape[1]! + grown, shape[2]! + grown];
    expect(kinds(model)).toEqual([kind]);
    close(answer(model, last(x, shape)), last(want, wanted));
  });

  it("a sequence has one dimension", () => {
    const [x, w] = [reals(12), reals(18, 3)];
    const model = onnxModel([1, 3, 4], [{ op: "Conv", inputs: ["x", "w"], attributes: { pads: [1, 1] } }], [floats("w", [2, 3, 3], w)]);
    const padded = Array.from({ length: 18 }, (_, i) => (i % 6 === 0 || i % 6 === 5 ? 0 : x[Math.floor(i / 6) * 4 + (i % 6) - 1]!));
    close(answer(model, x), conv(padded, [3, 1, 6], w, [2, 3, 1, 3], 1, 0));
  });
});

it("a batch norm, a bias and a rectifier go into the convolution before them", () => {
  const norm = [floats("s", [2], [2, -1]), floats("b", [2], [0.5, 1]), floats("m", [2], [0.25, -1]), floats("v", [2], [4, 0.25])];
  const list: TestNode[] = [
    { op: "Conv", inputs: ["x", "w"] },
    { op: "BatchNormalization", inputs: ["y0", "s", "b", "m", "v"], attributes: { epsilon: { float: 0 } } },
    { op: "Add", inputs: ["y1", "c"] },
    { op: "Clip", inputs: ["y2", "lo", "hi"] },
  ];
  const model = onnxModel([1, 1, 2, 2], list, [
    floats("w", [2, 1, 1, 1], [3, 1]),
    floats("c", [1, 2, 1, 1], [1, -1]),
    floats("lo", [], [0]),
    floats("hi", [], [6]),
    ...norm,
  ]);
  expect(kinds(model)).toEqual(["conv"]);
  const of = (x: number) => [
    Math.min(6, Math.max(0, ((3 * x - 0.25) / 2) * 2 + 0.5 + 1)),
    Math.min(6, Math.max(0, ((x + 1) / 0.5) * -1 + 1 - 1)),
  ];
  close(answer(model, [0.5, -1, 2, 0]), [0.5, -1, 2, 0].flatMap(of));
});

it("hard swish in pieces is one table", () => {
  const list: TestNode[] = [
    { op: "Add", inputs: ["x", "three"] },
    { op: "Clip", inputs: ["y0", "zero", "six"] },
    { op: "Mul", inputs: ["x", "y1"] },
    { op: "Div", inputs: ["y2", "six"] },
  ];
  const model = onnxModel([1, 4], list, [floats("three", [], [3]), floats("six", [], [6]), floats("zero", [], [0])]);
  expect(kinds(model)).toEqual(["unary"]);
  close(answer(model, [-4, -1, 1, 5]), [0, -1 / 3, 2 / 3, 5]);
});

it("flattening an image, channels first, is taken into the weights that follow", () => {
  const w = reals(2 * 12, 5);
  const model = onnxModel(
    [1, 3, 2, 2],
    [
      { op: "Neg", inputs: ["x"] },
      { op: "Conv", inputs: ["y0", "one"] },
      { op: "Flatten", inputs: ["y1"] },
      { op: "Gemm", inputs: ["y2", "w"], attributes: { transB: 1 } },
    ],
    [floats("w", [2, 12], w), floats("one", [3, 3, 1, 1], [-1, 0, 0, 0, -1, 0, 0, 0, -1])],
  );
  expect(kinds(model)).toEqual(["unary", "conv", "reshape", "dense"]);
  const x = reals(12, 9);
  close(
    answer(model, last(x, [3, 2, 2])),
    [0, 1].map((n) => x.reduce((sum, value, i) => sum + value * w[n * 12 + i]!, 0)),
  );
});

it("means over height and width, whatever operator says them", () => {
  const x = reals(18, 2);
  const want = [0, 1].map((c) => x.slice(9 * c, 9 * c + 9).reduce((a, b) => a + b) / 9);
  const as = (op: string, attributes: TestNode["attributes"] = {}) =>
    answer(onnxModel([1, 2, 3, 3], [{ op, inputs: ["x"], attributes }], [], { opset: 13 }), last(x, [2, 3, 3]));
  close(as("GlobalAveragePool"), want);
  close(as("ReduceMean", { axes: [2, 3] }), want);
  close(as("AveragePool", { kernel_shape: [3, 3] }), want);
});

it("pools count what lies in the image", () => {
  const pool = (op: string, attributes: TestNode["attributes"]) =>
    answer(
      onnxModel([1, 1, 3, 3], [{ op, inputs: ["x"], attributes: { kernel_shape: [2, 2], strides: [2, 2], ...attributes } }]),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
  close(pool("MaxPool", {}), [5]);
  close(pool("MaxPool", { ceil_mode: 1 }), [5, 6, 8, 9]);
  close(pool("AveragePool", { pads: [1, 1, 0, 0] }), [1, 2.5, 5.5, 7]);
  close(pool("AveragePool", { pads: [1, 1, 0, 0], count_include_pad: 1 }), [0.25, 1.25, 2.75, 7]);
});

it("a preamble of Loop, If and sequences over shapes is computed", () => {
  const branch = (name: string, list: TestNode[]) => ({ node: nodes(list), name, output: [{ name: list.at(-1)!.outputs![0] }] });
  const body = {
    name: "body",
    node: nodes([
      { op: "Equal", inputs: ["i", "zero"], outputs: ["first"] },
      {
        op: "If",
        inputs: ["first"],
        outputs: ["chosen"],
        attributes: {
          then_branch: branch("a", [{ op: "Identity", inputs: ["four"], outputs: ["p"] }]),
          else_branch: branch("b", [{ op: "ConcatFromSequence", inputs: ["list"], outputs: ["q"], attributes: { axis: 0 } }]),
        },
      },
      { op: "Concat", inputs: ["shape", "chosen"], outputs: ["longer"], attributes: { axis: 0 } },
      { op: "SequenceInsert", inputs: ["list", "four"], outputs: ["grown"] },
      { op: "Identity", inputs: ["condition"], outputs: ["again"] },
    ]),
    input: [{ name: "i" }, { name: "condition" }, { name: "shape" }, { name: "list" }],
    output: [{ name: "again" }, { name: "longer" }, { name: "grown" }],
  };
  const list: TestNode[] = [
    { op: "SequenceEmpty", inputs: [], outputs: ["none"] },
    { op: "Loop", inputs: ["two", "", "one", "none"], outputs: ["shape", "ignored"], attributes: { body } },
    { op: "Reshape", inputs: ["x", "shape"], outputs: ["y"] },
  ];
  const model = onnxModel([1, 16], list, [longs("two", [2], []), longs("one", [1]), longs("zero", [0], []), longs("four", [4])]);
  expect(importOnnx(model).graph.output.shape).toEqual([4, 4]);
});

describe("a quantised source keeps its scales", () => {
  const [scale, zero] = [floats("s", [], [0.5]), bytes("z", [], [10], true)];
  it("QDQ", () => {
    const list: TestNode[] = [
      { op: "QuantizeLinear", inputs: ["x", "s", "z"] },
      { op: "DequantizeLinear", inputs: ["y0", "s", "z"] },
      { op: "DequantizeLinear", inputs: ["w", "ws"] },
      { op: "MatMul", inputs: ["y1", "y2"] },
      { op: "QuantizeLinear", inputs: ["y3", "s", "z"] },
      { op: "DequantizeLinear", inputs: ["y4", "s", "z"] },
    ];
    const { graph } = importOnnx(onnxModel([1, 2], list, [scale, zero, bytes("w", [2, 1], [3, -2]), floats("ws", [], [0.25])]));
    expect(graph.input.quantisation).toEqual({ scale: 0.5, zeroPoint: -118 });
    expect(graph.output.quantisation).toEqual({ scale: 0.5, zeroPoint: -118 });
    const [dense] = graph.nodes;
    expect(dense?.op).toMatchObject({ kind: "dense", weightScales: Float32Array.of(0.25) });
    // 0.7 is held to 0.5, 1.9 to 2; 0.5 * 0.75 - 2 * 0.5 = -0.625, held to -0.5 (a tie goes up).
    close([...runFloat(graph, Float32Array.of(0.7, 1.9)).get(graph.output)!], [-0.5]);
  });

  it("QOperator", () => {
    const inputs = ["q", "s", "z", "w", "ws", "wz", "s", "z"];
    const list: TestNode[] = [
      { op: "QuantizeLinear", inputs: ["x", "s", "z"], outputs: ["q"] },
      { op: "QLinearMatMul", inputs, outputs: ["p"] },
      { op: "DequantizeLinear", inputs: ["p", "s", "z"] },
    ];
    const { graph } = importOnnx(
      onnxModel([1, 2], list, [scale, zero, bytes("w", [2, 1], [131, 126], true), floats("ws", [], [0.25]), bytes("wz", [], [128], true)]),
    );
    close([...runFloat(graph, Float32Array.of(0.5, 2)).get(graph.output)!], [-0.5]);
  });
});

describe("what cannot be converted is named, with a remedy", () => {
  const refusal = (model: Uint8Array) => {
    try {
      importOnnx(model);
    } catch (error) {
      return isNoemaError(error) ? `${error.code}: ${error.message}` : String(error);
    }
    return "";
  };
  it.each<[string, TestNode, RegExp]>([
    ["an operator", { op: "LSTM", inputs: ["x"] }, /CONVERT_UNSUPPORTED: LSTM node0: .*convolution or attention/],
    ["an unknown one", { op: "Nonsense", inputs: ["x"] }, /CONVERT_UNSUPPORTED: Nonsense node0: .*docs\/models.md/],
    [
      "padding by reflection",
      { op: "Pad", inputs: ["x", "p"], attributes: { mode: "reflect" } },
      /CONVERT_UNSUPPORTED: Pad node0: .*zeros/,
    ],
  ])("%s", (_, node, words) => expect(refusal(onnxModel([1, 4], [node], [longs("p", [0, 1, 0, 1])]))).toMatch(words));

  it("no ONNX, a lying tensor, an open shape", () => {
    expect(refusal(Uint8Array.of(1, 2, 3))).toMatch(/CONVERT_SOURCE_INVALID/);
    expect(refusal(onnxModel([1, 4], [{ op: "Add", inputs: ["x", "w"] }], [{ ...floats("w", [4], [1]), dims: [2 ** 40] }]))).toMatch(
      /CONVERT_SOURCE_INVALID: .*limit/,
    );
    expect(refusal(onnxModel([1, 0], [{ op: "Relu", inputs: ["x"] }]))).toMatch(/CONVERT_UNSUPPORTED: .*open dimension 1/);
  });

  it("an endless loop ends", () => {
    const body = {
      name: "b",
      node: nodes([{ op: "Identity", inputs: ["c"], outputs: ["d"] }]),
      input: [{ name: "i" }, { name: "c" }],
      output: [{ name: "d" }],
    };
    const model = onnxModel(
      [1, 1],
      [
        { op: "Loop", inputs: ["", "t"], outputs: [], attributes: { body } },
        { op: "Relu", inputs: ["x"], outputs: ["y"] },
      ],
      [longs("t", [1], [])],
    );
    expect(refusal(model)).toBe(""); // dead: not even begun
  });
});

it("10,000 damaged files are refused, or converted, in bounded time", () => {
  const good = onnxModel(
    [1, 3, 4, 4],
    [
      { op: "Conv", inputs: ["x", "w"] },
      { op: "Relu", inputs: ["y0"] },
      { op: "Flatten", inputs: ["y1"] },
    ],
    [floats("w", [2, 3, 2, 2], reals(24))],
  );
  let state = 20;
  const random = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  let refused = 0;
  for (let i = 0; i < 10_000; i++) {
    const bad = good.slice(0, random(20) === 0 ? random(good.length) : good.length);
    for (let j = 0; j <= random(3); j++) bad[random(bad.length)] = random(256);
    try {
      prepare(importOnnx(bad).graph);
    } catch (error) {
      refused++;
      if (!isNoemaError(error)) throw error;
    }
  }
  expect(refused).toBeGreaterThan(1000);
});

it("norms in pieces are norms", () => {
  const pieces = (centre: boolean): TestNode[] => [
    ...(centre
      ? [
          { op: "ReduceMean", inputs: ["x"], outputs: ["mean"], attributes: { axes: [2] } },
          { op: "Sub", inputs: ["x", "mean"], outputs: ["d"] },
        ]
      : []),
    { op: "Pow", inputs: [centre ? "d" : "x", "two"], outputs: ["square"] },
    { op: "ReduceMean", inputs: ["square"], outputs: ["variance"], attributes: { axes: [2] } },
    { op: "Add", inputs: ["variance", "epsilon"], outputs: ["sum"] },
    { op: "Sqrt", inputs: ["sum"], outputs: ["root"] },
    { op: "Div", inputs: [centre ? "d" : "x", "root"], outputs: ["normal"] },
    { op: "Mul", inputs: ["normal", "g"], outputs: ["y"] },
  ];
  const parts = [floats("two", [], [2]), floats("epsilon", [], [1e-5]), floats("g", [4], [1, 2, 3, 4])];
  const model = (centre: boolean) => onnxModel([1, 2, 4], pieces(centre), parts);
  expect(kinds(model(true))).toEqual(["layernorm"]);
  expect(kinds(model(false))[0]).toBe("rmsnorm");
  const x = [1, 2, 3, 4, -2, 0, 2, 4];
  const [a, b] = [answer(model(true), x), answer(model(false), x)];
  close(
    a.slice(0, 4),
    [-1.5, -0.5, 0.5, 1.5].map((d, i) => (d / Math.sqrt(1.25 + 1e-5)) * (i + 1)),
  );
  close(
    b.slice(4),
    [-2, 0, 2, 4].map((d, i) => (d / Math.sqrt(6 + 1e-5)) * (i + 1)),
  );
});

it("an open shape is given, and what is no image stays as it is", () => {
  const model = onnxModel([1, 0, 3, 2], [{ op: "Reshape", inputs: ["x", "s"] }], [longs("s", [1, 12])]);
  expect(importOnnx(model, [1, 2, 3, 2]).graph.input.shape).toEqual([2, 3, 2]);
  expect(() => importOnnx(model)).toThrow(expect.objectContaining({ code: "CONVERT_UNSUPPORTED" }));
  for (const shape of [[Number.NaN], [1, 2, 3], [1, 2, 3, 2, 1], [1, 2.5, 3, 2], [1, -2, -3, 2]])
    expect(() => importOnnx(model, shape)).toThrow(/--input-shape: 4 whole numbers/);
});

const image = (op: string, attributes: object, weights?: object) =>
  onnxModel(
    [1, 3, 8, 8],
    [{ op, inputs: weights === undefined ? ["x"] : ["x", "w"], attributes: attributes as TestNode["attributes"] }],
    weights === undefined ? [] : [weights],
  );
const row = (list: TestNode[], initializer: object[] = [], output?: string) => onnxModel([1, 4], list, initializer, { output });
const w = (dims: number[], values: ArrayLike<number> = reals(108)) => floats("w", dims, values);
const bomb: TestNode[] = [
  { op: "Expand", inputs: ["one", "shape"], outputs: ["big"] },
  { op: "ReduceSum", inputs: ["big"], outputs: ["sum"], attributes: { keepdims: 0 } },
];
const huge = [longs("one", [1]), longs("shape", [2 ** 24])];

describe("what no honest file says is refused, and soon", () => {
  it.each<[string, Uint8Array, RegExp]>([
    ["a stride of 0", image("Conv", { strides: [0, 0] }, w([4, 3, 3, 3])), /strides \[0,0\]/],
    ["a kernel of 0", image("MaxPool", { kernel_shape: [0, 0] }), /window of \[0,0\]/],
    ["negative dimensions whose product is not", image("Conv", {}, w([-4, -3, 3, 3])), /-4,-3,3,3/],
    ["no output channels", image("Conv", {}, w([0, 3, 3, 3], [])), /empty/],
    ["weights that are not numbers", image("Conv", {}, w([4, 3, 3, 3], [...reals(107), Number.NaN])), /not finite/],
    [
      "a mask of infinity",
      row([{ op: "Add", inputs: ["x", "w"] }], [w([4], [0, Number.NEGATIVE_INFINITY, 0, 0])]),
      /Add node0: .*mask with a finite number/,
    ],
    ["a word for an operator that objects have", row([{ op: "constructor", inputs: ["x"] }]), /replace it by operators/],
    ["indices between elements", row([{ op: "Gather", inputs: ["x", "w"], attributes: { axis: 1 } }], [w([2], [0.5, 1.5])]), /order/],
    ["parts that are not the whole", row([{ op: "Split", inputs: ["x", "s"], attributes: { axis: 1 } }], [longs("s", [-2, 6])]), /parts/],
    ["a milliard of parts", row([{ op: "Split", inputs: ["x"], attributes: { axis: 1, num_outputs: 1e9 } }]), /1000000000 parts/],
    [
      "a convolution beyond any transaction",
      onnxModel([1, 3, 1024, 1024], [{ op: "Conv", inputs: ["x", "w"] }], [w([64, 3, 7, 7], reals(9408))]),
      /multiply/,
    ],
    [
      "large sums, many times",
      row([...Array.from({ length: 20 }, () => bomb).flat(), { op: "Add", inputs: ["x", "sum"] }], huge),
      /numbers to compute beforehand/,
    ],
    [
      "large sums, in a loop",
      row(
        [
          {
            op: "Loop",
            inputs: ["times", "on", "start"],
            outputs: ["v"],
            attributes: {
              body: {
                node: nodes([...bomb, { op: "Identity", inputs: ["go"], outputs: ["on"] }]),
                initializer: huge,
                input: [{ name: "i" }, { name: "go" }, { name: "v" }],
                output: [{ name: "on" }, { name: "sum" }],
              },
            },
          },
          { op: "Add", inputs: ["x", "v"] },
        ],
        [longs("times", [90_000], []), longs("on", [1], []), floats("start", [], [0])],
      ),
      /numbers to compute beforehand/,
    ],
  ])("%s", (_, file, why) => {
    expect(() => importOnnx(file)).toThrow(why);
  });

  it("more than one output", () => {
    const two = onnxModel(
      [1, 4],
      [
        { op: "Relu", inputs: ["x"] },
        { op: "Exp", inputs: ["x"] },
      ],
      [],
      { output: ["y0", "y1"] },
    );
    expect(() => importOnnx(two)).toThrow(/2 outputs \(y0, y1\)/);
  });

  it("sums of sums, each of itself, are computed as often as they stand there, and have names of bounded length", () => {
    const sums = Array.from({ length: 60 }, (_, i) => ({ op: "Add", inputs: i === 0 ? ["x", "x"] : [`y${i - 1}`, `y${i - 1}`] }));
    expect(answer(row(sums), [1, 0, -1, 0.5])).toEqual([2 ** 60, 0, -(2 ** 60), 2 ** 59]);
    for (const { op } of prepare(importOnnx(row(sums)).graph).nodes) if (op.kind === "unary") expect(op.function.length).toBeLessThan(300);
  });

  it("a long chain of functions is several tables", () => {
    const chain = Array.from({ length: 3000 }, (_, i) => ({ op: "Sigmoid", inputs: [i === 0 ? "x" : `y${i - 1}`] }));
    close(answer(row(chain), [1, 0, -1, 5]), [0.659, 0.659, 0.659, 0.659]);
  });
});
