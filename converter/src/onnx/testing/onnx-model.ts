/** ONNX models for tests, written with the schema that the converter reads. */
import protobuf from "protobufjs/light.js";
import { ONNX } from "../schema.ts";

const type = protobuf.Root.fromJSON(ONNX).lookupType("Model");

export interface TestNode {
  op: string;
  inputs: string[];
  outputs?: string[];
  attributes?: Record<string, number | number[] | string | { float: number } | object>;
}

export const floats = (name: string, dims: number[], values: ArrayLike<number>) => ({
  name,
  dims,
  dataType: 1,
  floatData: Array.from(values),
});
export const longs = (name: string, values: number[], dims = [values.length]) => ({ name, dims, dataType: 7, int64Data: values });
export const bytes = (name: string, dims: number[], values: ArrayLike<number>, unsigned = false) => ({
  name,
  dims,
  dataType: unsigned ? 2 : 3,
  rawData: Uint8Array.from(values, (x) => x & 255),
});

function attribute(name: string, value: NonNullable<TestNode["attributes"]>[string]) {
  if (typeof value === "number") return { name, i: value };
  if (typeof value === "string") return { name, s: new TextEncoder().encode(value) };
  if (Array.isArray(value)) return { name, ints: value };
  return "float" in value ? { name, f: value.float } : "node" in value ? { name, g: value } : { name, t: value };
}

export const nodes = (list: readonly TestNode[]) =>
  list.map(({ op, inputs, outputs, attributes = {} }, i) => ({
    opType: op,
    name: `node${i}`,
    input: inputs,
    output: outputs ?? [`y${i}`],
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  }));

const info = (name: string, dims?: readonly number[]) => ({
  name,
  type: { tensorType: { elemType: 1, shape: { dim: (dims ?? []).map((dimValue) => ({ dimValue })) } } },
});

/** Input `x`; output that of the last node, unless named. */
export function onnxModel(
  input: number[],
  list: readonly TestNode[],
  initializer: readonly object[] = [],
  { opset = 17, output }: { opset?: number; output?: string | readonly string[] } = {},
): Uint8Array {
  const last = output ?? list.at(-1)?.outputs?.[0] ?? `y${list.length - 1}`;
  const graph = {
    name: "test",
    node: nodes(list),
    initializer,
    input: [info("x", input)],
    output: [last].flat().map((name) => info(name)),
  };
  return type.encode(type.create({ opsetImport: [{ domain: "", version: opset }], graph })).finish();
}

/** Numbers from -1 to 1, the same for the same seed. */
export function reals(n: number, seed = 1): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
