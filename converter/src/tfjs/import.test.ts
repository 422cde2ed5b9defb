import { isNoemaError } from "@noema/core/errors";
import { describe, expect, it } from "vitest";
import { runFloat } from "../float/run.ts";
import { prepare } from "../ir/prepare.ts";
import type { Imported } from "../source/imported.ts";
import { importTfjs } from "./import.ts";
import { ANSWERS, type Answer, floatsOf, modelJson } from "./testing/answers.ts";

/** What the graph computes, before and after the passes. */
function answers({ graph }: Imported, input: Float32Array): number[][] {
  return [graph, prepare(graph, true)].map((x) => [...runFloat(x, input).get(x.output)!]);
}

const imported = ({ topology, specs, weights }: Pick<Answer, "topology" | "specs" | "weights">) =>
  importTfjs(modelJson(topology, specs), () => Buffer.from(weights, "base64"));

it.each(ANSWERS)("layers answer as TensorFlow.js does: $name", (answer) => {
  for (const got of answers(imported(answer), floatsOf(answer.input))) {
    expect(got.length).toBe(answer.output.length);
    for (const [i, x] of got.entries()) expect(x).toBeCloseTo(answer.output[i]!, 4);
  }
});

/** Little endian floats. */
const shard = (values: readonly number[]) => Buffer.from(Float32Array.from(values).buffer);
const node = (name: string, op: string, input: readonly string[], attr: object = {}) => ({ name, op, input, attr });
const ints = (...i: number[]) => ({ list: { i: i.map(String) } });
const text = (s: string) => ({ s: Buffer.from(s).toString("base64") });
const placeholder = (...dims: number[]) =>
  node("x", "Placeholder", [], { shape: { shape: { dim: dims.map((size) => ({ size: String(size) })) } } });

function graphModel(nodes: readonly object[], weights: Record<string, { shape: number[]; values: number[]; dtype?: string }>): Imported {
  const specs = Object.entries(weights).map(([name, { shape, dtype = "float32" }]) => ({ name, shape, dtype }));
  const bytes = Object.values(weights).map(({ values, dtype }) =>
    dtype === "int32" ? Buffer.from(Int32Array.from(values).buffer) : shard(values),
  );
  const constants = Object.keys(weights).map((name) => node(name, "Const", []));
  return importTfjs(modelJson({ node: [...constants, ...nodes] }, specs), () => Buffer.concat(bytes));
}

describe("frozen graphs", () => {
  it("a fused convolution, a preamble of shapes and a product", () => {
    const graph = graphModel(
      [
        placeholder(-1, 2, 2, 1),
        node("conv", "_FusedConv2D", ["x", "w", "b"], {
          strides: ints(1, 1, 1, 1),
          padding: text("SAME"),
          fused_ops: { list: { s: [text("BiasAdd").s, text("Relu6").s] } },
        }),
        node("shape", "Shape", ["conv"]),
        node("batch", "StridedSlice", ["shape", "zero", "one", "one"], { shrink_axis_mask: { i: "1" } }),
        node("to", "Pack", ["batch", "eight"]),
        node("flat", "Reshape", ["conv", "to"]),
        node("y", "_FusedMatMul", ["flat", "m", "c"], { fused_ops: { list: { s: [text("BiasAdd").s] } } }),
      ],
      {
        w: { shape: [1, 1, 1, 2], values: [1, -1] },
        b: { shape: [2], values: [0, 5] },
        m: { shape: [8, 1], values: [1, 2, 3, 4, 5, 6, 7, 8] },
        c: { shape: [1], values: [0.5] },
        zero: { shape: [1], values: [0], dtype: "int32" },
        one: { shape: [1], values: [1], dtype: "int32" },
        eight: { shape: [], values: [8], dtype: "int32" },
      },
    );
    // Pixels 1, 2, 9, -3 become pairs (x, 5 - x), held to 0 and 6: 1 4, 2 3, 6 0, 0 6.
    const want = 1 + 2 * 4 + 3 * 2 + 4 * 3 + 5 * 6 + 0 + 0 + 8 * 6 + 0.5;
    for (const got of answers(graph, Float32Array.of(1, 2, 9, -3))) expect(got).toEqual([want]);
  });

  it("a depthwise convolution, a mean over height and width, and what is split and joined", () => {
    const graph = graphModel(
      [
        placeholder(-1, 2, 2, 2),
        node("deep", "DepthwiseConv2dNative", ["x", "w"], { strides: ints(1, 1, 1, 1), padding: text("VALID") }),
        node("mean", "Mean", ["deep", "axes"], { keep_dims: { b: false } }),
        node("parts", "Split", ["last", "mean"], { num_split: { i: "2" } }),
        node("y", "ConcatV2", ["parts:1", "parts", "last"]),
      ],
      {
        w: { shape: [1, 1, 2, 1], values: [2, 10] },
        axes: { shape: [2], values: [1, 2], dtype: "int32" },
        last: { shape: [], values: [1], dtype: "int32" },
      },
    );
    for (const got of answers(graph, Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4))) expect(got).toEqual([25, 5]);
  });
});

describe("weights", () => {
  const topology = { node: [placeholder(1, 2), node("w", "Const", []), node("y", "Mul", ["x", "w"])] };
  it.each([
    {
      name: "of 8 bits",
      spec: { dtype: "float32", quantization: { dtype: "uint8", scale: 0.5, min: -1 } },
      bytes: [0, 7],
      want: [-1, 2.5],
    },
    {
      name: "of 16 bits",
      spec: { dtype: "float32", quantization: { dtype: "uint16", scale: 0.25, min: 1 } },
      bytes: [4, 0, 0, 1],
      want: [2, 65],
    },
    {
      name: "of half precision",
      spec: { dtype: "float32", quantization: { dtype: "float16", original_dtype: "float32" } },
      bytes: [0, 0x3c, 0, 0xc0],
      want: [1, -2],
    },
  ])("$name", ({ spec, bytes, want }) => {
    const model = importTfjs(modelJson(topology, [{ name: "w", shape: [2], ...spec }]), () => Buffer.from(bytes));
    for (const got of answers(model, Float32Array.of(1, 1))) expect(got).toEqual(want);
  });
});

/** The layer of a model of one, with what the model is refused for. */
const refusal = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    if (isNoemaError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return "nothing";
};
const oneLayer = (class_name: string, config: object = {}) => {
  const layers = [{ class_name, config: { name: "a", batch_input_shape: [null, 4, 4, 3], ...config } }];
  return () => importTfjs(modelJson({ class_name: "Sequential", config: { layers } }, []), () => new Uint8Array());
};
const oneWeight = (spec: object, read: () => Uint8Array = () => new Uint8Array(4)) => {
  const own = { name: "w", shape: [1], dtype: "float32", ...spec };
  return () => importTfjs(modelJson({ node: [placeholder(1, 1)] }, [own]), read);
};

it.each([
  ["a layer without an integer form", oneLayer("LSTM"), /UNSUPPORTED LSTM a: .*: use a convolution/],
  ["a layer that nobody knows", oneLayer("constructor"), /UNSUPPORTED constructor a: .*docs\/models\.md/],
  ["an activation that nobody knows", oneLayer("Activation", { activation: "sine" }), /UNSUPPORTED Activation a: the activation sine/],
  ["channels first", oneLayer("MaxPooling2D", { data_format: "channels_first" }), /UNSUPPORTED MaxPooling2D a: channels first: build/],
  ["a weight that is missing", oneLayer("Dense"), /INVALID no weight a\/kernel/],
  ["a setting of another type", oneLayer("MaxPooling2D", { pool_size: "2" }), /INVALID pool_size of MaxPooling2D a: a list/],
  ["no JSON", () => importTfjs(Buffer.from("{"), () => new Uint8Array()), /INVALID 1 bytes that are no JSON/],
  ["another JSON", () => importTfjs(Buffer.from("[]"), () => new Uint8Array()), /INVALID model\.json: an object/],
  ["weights of text", oneWeight({ dtype: "string" }), /UNSUPPORTED weight w is of type string/],
  ["a shard that is too short", oneWeight({ shape: [2] }), /INVALID weight w ends after/],
  ["a shard that is too long", oneWeight({}, () => new Uint8Array(8)), /INVALID shards of 8 bytes for weights of 4/],
  ["a weight of negative size", oneWeight({ shape: [-1] }), /INVALID weight w: \[-1\]/],
])("%s is refused", (_, make, says) => expect(refusal(make)).toMatch(says));

it.each(["../secret", "/etc/passwd", "a/../../b", "C:\\x", "https://x/y", "..\\x"])("a shard that lies at %s is not read", (path) => {
  const model = { modelTopology: { node: [placeholder(1, 1)] }, weightsManifest: [{ paths: [path], weights: [] }] };
  let read = 0;
  const make = () =>
    importTfjs(Buffer.from(JSON.stringify(model)), () => {
      read++;
      return new Uint8Array();
    });
  expect(refusal(make)).toMatch(/INVALID the shard .* does not lie beside/);
  expect(read).toBe(0);
});

it("a graph that goes in a circle is refused", () => {
  const nodes = [placeholder(1, 2), node("a", "Relu", ["b"]), node("b", "Relu", ["a"]), node("y", "AddV2", ["x", "b"])];
  expect(refusal(() => graphModel(nodes, {}))).toMatch(/INVALID [ab] needs its own result/);
});

it("layers that share a name of weights are told apart, or refused", () => {
  const [answer] = ANSWERS.filter(({ name }) => name === "conv valid");
  const specs = (answer!.specs as { name: string }[]).map((x) => ({ ...x, name: `outer/${x.name}` }));
  expect(() => imported({ ...answer!, specs })).not.toThrow();
  const twice = [...specs, ...specs.map((x) => ({ ...x, name: `other/${x.name}` }))];
  const both = {
    ...answer!,
    specs: twice,
    weights: Buffer.concat([0, 1].map(() => Buffer.from(answer!.weights, "base64"))).toString("base64"),
  };
  expect(refusal(() => imported(both))).toMatch(/UNSUPPORTED 2 weights are named/);
});
