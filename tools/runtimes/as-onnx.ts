/**
 * A model on chain as a quantised ONNX model, for onnxruntime: the same integers, as QLinearConv and its like with every activation
 * in steps of 1. Its bytes are uint8, 128 above ours. Where a rectifier's end is no end of int8, it is left away.
 */
import protobuf from "protobufjs/light.js";
import { ONNX } from "../../converter/src/onnx/schema.ts";
import { bytes, floats, longs } from "../../converter/src/onnx/testing/onnx-model.ts";
import type { LoadedModel } from "../../precompiles/src/model/load.ts";
import { OPERATORS, type OperatorName } from "../../precompiles/src/operators/table.ts";

/** What the converter skips and onnxruntime wants: the version, and the types of attributes. */
const Model = { fields: { irVersion: { id: 1, type: "int64" }, ...ONNX.nested.Model.fields } };
const Attribute = { fields: { type: { id: 20, type: "int32" }, ...ONNX.nested.Attribute.fields } };
const [INT, INTS] = [2, 7];
const type = protobuf.Root.fromJSON({ nested: { ...ONNX.nested, Model, Attribute } }).lookupType("Model");
const NAMES = new Map(Object.entries(OPERATORS).map(([name, { code }]) => [code, name as OperatorName]));
const MICROSOFT = "com.microsoft";

type Attributes = Record<string, number | readonly number[]>;

export function asOnnx({ model }: LoadedModel): Uint8Array {
  const { tensors, operators } = model;
  const constants: object[] = [floats("1", [], [1])];
  const nodes: object[] = [];
  const zeroOf = (i: number) => {
    constants.push(bytes(`z${i}`, [], [tensors[i]!.zeroPoint + 128], true));
    return `z${i}`;
  };
  const add = (opType: string, input: readonly string[], to: number, attributes: Attributes = {}, domain = "") =>
    nodes.push({
      opType,
      name: `n${nodes.length}`,
      input,
      output: [`t${to}`],
      domain,
      attribute: Object.entries(attributes).map(([name, x]) =>
        typeof x === "number" ? { name, type: INT, i: x } : { name, type: INTS, ints: x },
      ),
    });
  for (const { code, inputs, outputs, attributes } of operators) {
    const name = NAMES.get(code)!;
    const [x, weights, bias, multipliers] = inputs as [number, number, number, number];
    const to = outputs[0]!;
    const data = (i: number) => tensors[i]!.data!;
    /** Names of weights, their scales and zero, and the bias; a scale is M / 2^(16 + r). */
    const product = (shift: number, shape: readonly number[], ordered: ArrayLike<number>) => {
      const m = data(multipliers);
      constants.push(bytes(`w${to}`, [...shape], ordered));
      constants.push(
        floats(
          `s${to}`,
          [m.length],
          Array.from(m, (one) => one / 2 ** (16 + shift)),
        ),
      );
      constants.push(bytes(`o${to}`, [m.length], new Int8Array(m.length)));
      constants.push({ name: `b${to}`, dims: [m.length], dataType: 6, int32Data: Array.from(data(bias)) });
      return [`t${x}`, "1", zeroOf(x), `w${to}`, `s${to}`, `o${to}`];
    };
    if (name === "CONV2D" || name === "DWCONV2D") {
      const [strideY, strideX, top, left, bottom, right, shift] = attributes as number[];
      const depthwise = name === "DWCONV2D";
      const shape = tensors[weights]!.shape as number[];
      const [n, kernelY, kernelX, c] = depthwise ? [shape[2]!, shape[0]!, shape[1]!, 1] : (shape as [number, number, number, number]);
      const own = data(weights);
      const at = (o: number, i: number, y: number, z: number) =>
        depthwise ? (y * kernelX + z) * n + o : ((o * kernelY + y) * kernelX + z) * c + i;
      const ordered = new Int8Array(own.length);
      for (let o = 0, k = 0; o < n; o++)
        for (let i = 0; i < c; i++) for (let y = 0; y < kernelY; y++) for (let z = 0; z < kernelX; z++) ordered[k++] = own[at(o, i, y, z)]!;
      const window = { strides: [strideY!, strideX!], pads: [top!, left!, bottom!, right!], group: depthwise ? n : 1 };
      const parts = product(shift!, [n, c, kernelY, kernelX], ordered);
      add("QLinearConv", [...parts, "1", zeroOf(to), `b${to}`], to, window);
    } else if (name === "DENSE") {
      const parts = product(attributes[0]!, tensors[weights]!.shape, data(weights));
      constants.push(longs(`r${to}`, [1, tensors[x]!.shape.at(-1)!]));
      nodes.push({ opType: "Reshape", name: `n${nodes.length}`, input: [`t${x}`, `r${to}`], output: [`f${to}`], attribute: [] });
      add("QGemm", [`f${to}`, ...parts.slice(1), `b${to}`, "1", zeroOf(to)], to, { transB: 1 }, MICROSOFT);
    } else if (name === "ADD") {
      const [first, second, shift] = attributes as [number, number, number];
      constants.push(floats(`a${to}`, [], [first / 2 ** shift]), floats(`c${to}`, [], [second / 2 ** shift]));
      add("QLinearAdd", [`t${x}`, `a${to}`, zeroOf(x), `t${weights}`, `c${to}`, zeroOf(weights), "1", zeroOf(to)], to, {}, MICROSOFT);
    } else if (name === "AVGPOOL") {
      add("QLinearGlobalAveragePool", [`t${x}`, "1", zeroOf(x), "1", zeroOf(to)], to, {}, MICROSOFT);
    } else if (name === "RESHAPE") {
      constants.push(longs(`r${to}`, [1, -1]));
      add("Reshape", [`t${x}`, `r${to}`], to);
    } else throw new Error(`${name} is not said in ONNX here`);
  }
  const info = (name: string, dims: readonly number[]) => ({
    name,
    type: { tensorType: { elemType: 2, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
  });
  const [height, width, channels] = tensors[model.input]!.shape;
  const unique = [...new Map(constants.map((x) => [(x as { name: string }).name, x])).values()];
  const graph = {
    name: "model",
    node: nodes,
    initializer: unique,
    input: [info("t0", [1, channels!, height!, width!])],
    output: [info(`t${model.output}`, [1, ...tensors[model.output]!.shape])],
  };
  const opsetImport = [
    { domain: "", version: 17 },
    { domain: MICROSOFT, version: 1 },
  ];
  return type.encode(type.create({ irVersion: 8, opsetImport, graph })).finish();
}
