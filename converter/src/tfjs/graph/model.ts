/** A frozen graph of TensorFlow, as tfjs's converter writes it. */
import { fail } from "../../errors.ts";
import type { Builder } from "../../ir/builder.ts";
import type { Known } from "../../onnx/call.ts";
import type { Constant } from "../../source/constant.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../json.ts";
import { ordered } from "../order.ts";
import type { GraphNode } from "./node.ts";
import { ruleOf } from "./table.ts";

export interface Frozen {
  nodes: ReadonlyMap<string, Fields>;
  input: { name: string; dims: number[] };
  output: string;
}

const opOf = (node: Fields) => textOf(node.op, "op of a node");
/** Without those that only order. */
const readBy = (node: Fields): string[] =>
  node.input === undefined
    ? []
    : listOf(node.input, "input of a node")
        .map((x) => textOf(x, "an input"))
        .filter((x) => !x.startsWith("^"));
const makerOf = (tensor: string) => tensor.replace(/:\d+$/, "");

/** One input, one output. Throws CONVERT_SOURCE_INVALID, CONVERT_UNSUPPORTED. */
export function readGraph(topology: Fields, signature: Fields): Frozen {
  const all = listOf(topology.node, "nodes of the graph").map((x) => fieldsOf(x, "a node"));
  const nodes = new Map(all.map((node) => [textOf(node.name, "name of a node"), node]));
  const read = new Set(all.flatMap(readBy).map(makerOf));
  const named = isFields(signature.outputs)
    ? Object.entries(signature.outputs).map(([key, x]) => (isFields(x) && typeof x.name === "string" ? x.name : key))
    : [...nodes.keys()].filter((name) => !read.has(name));
  const inputs = [...nodes].filter(([, node]) => opOf(node) === "Placeholder");
  const [output] = named;
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1)
    return fail(
      "CONVERT_UNSUPPORTED",
      `the model has ${inputs.length} inputs (${inputs.map(([name]) => name).join(", ")}): a contract gives one; join them, or make the others constant`,
    );
  if (output === undefined || named.length !== 1)
    return fail(
      "CONVERT_UNSUPPORTED",
      `the model has ${named.length} outputs (${named.join(", ")}): a contract gets one; export with one, or join them`,
    );
  return { nodes, input: { name: input[0], dims: shapeOf(input[1], input[0]) }, output };
}

function shapeOf({ attr }: Fields, name: string): number[] {
  const { shape } = fieldsOf(isFields(attr) ? attr.shape : undefined, `shape of ${name}`);
  return listOf(fieldsOf(shape, `shape of ${name}`).dim, `shape of ${name}`).map((x) => Number(fieldsOf(x, `shape of ${name}`).size));
}

export function runGraph(builder: Builder, weights: ReadonlyMap<string, Constant>, { nodes, input, output }: Frozen, x: Known): Known {
  const results = new Map<string, readonly Known[]>([[input.name, [x]]]);
  const nodeOf = (name: string) => nodes.get(name) ?? fail("CONVERT_SOURCE_INVALID", `no node ${name}`);
  const resultOf = (tensor: string) =>
    results.get(makerOf(tensor))![Number(/:(\d+)$/.exec(tensor)?.[1] ?? 0)] ??
    fail("CONVERT_UNSUPPORTED", `${tensor}: this result of ${makerOf(tensor)} has no integer form here: cut the model before it`);
  for (const name of ordered([makerOf(output)], (key) => readBy(nodeOf(key)).map(makerOf))) {
    if (name === input.name) continue;
    const own = nodeOf(name);
    const op = opOf(own);
    if (op === "Const") {
      results.set(name, [weights.get(name) ?? fail("CONVERT_SOURCE_INVALID", `no weight ${name} in the weightsManifest`)]);
      continue;
    }
    const attributes = isFields(own.attr) ? own.attr : {};
    const node: GraphNode = { op, name: `${op} ${name}`, attributes, inputs: readBy(own).map(resultOf), builder };
    results.set(name, [ruleOf(node)(node)].flat());
  }
  return resultOf(output);
}
