/** ONNX to the graph: what is constant is computed, preambles of shapes with it; the rest follows rules, an operator each. */
import { fail } from "../errors.ts";
import { createBuilder } from "../ir/builder.ts";
import type { Value } from "../ir/graph.ts";
import { constant, scalar } from "../source/constant.ts";
import type { Imported } from "../source/imported.ts";
import { inputDims, inputLaid } from "../source/input.ts";
import { type Laid, straight } from "../source/laid.ts";
import { type Call, invalid, isConstant, isLaid, type Known, subgraphOf } from "./call.ts";
import { FOLD } from "./fold.ts";
import { ruleOf } from "./operators/table.ts";
import { joinedNorms } from "./patterns.ts";
import { readOnnx } from "./read.ts";
import type { OnnxGraph, OnnxNode, OnnxValueInfo } from "./schema.ts";
import { readTensor } from "./tensor.ts";

/** Steps of all loops together: preambles of shapes take some tens. */
const MAX_STEPS = 100_000;
/** Elements that are read and made beforehand, in all: preambles of shapes take thousands, weights that are moved some times their number. */
const MAX_COMPUTED = 2 ** 27;

interface Scope {
  known: Map<string, Known>;
  outer?: Scope;
}

interface Walk {
  opset: number;
  builder: Call["builder"];
  steps: number;
  computed: number;
}

const lookUp = (scope: Scope | undefined, name: string): Known | undefined =>
  scope === undefined ? undefined : (scope.known.get(name) ?? lookUp(scope.outer, name));

/** `shape`: of the input, where the file leaves it open. Throws CONVERT_SOURCE_INVALID, CONVERT_UNSUPPORTED. */
export function importOnnx(file: Uint8Array, shape?: readonly number[]): Imported {
  const { graph: given, opset } = readOnnx(file);
  const graph = joinedNorms(given);
  const builder = createBuilder();
  const constants = new Map<string, Known>(graph.initializer.map((tensor) => [tensor.name, readTensor(tensor)]));
  const inputs = graph.input.filter(({ name }) => !constants.has(name));
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1)
    return fail(
      "CONVERT_UNSUPPORTED",
      `the model has ${inputs.length} inputs (${inputs.map(({ name }) => name).join(", ")}): a contract gives one; join them, or make the others constant`,
    );
  const first = graph.node.find((node) => node.input.includes(input.name));
  const laid = inputOf(input, first, shape);
  const scope: Scope = { known: constants.set(input.name, laid) };
  const walk = { opset, builder, steps: 0, computed: 0 };
  const [output] = graph.output;
  if (output === undefined) return fail("CONVERT_SOURCE_INVALID", "the model has no output");
  if (graph.output.length > 1)
    fail(
      "CONVERT_UNSUPPORTED",
      `the model has ${graph.output.length} outputs (${graph.output.map(({ name }) => name).join(", ")}): a contract gets one; export with one, or join them`,
    );
  walkGraph(walk, graph, scope, [output.name]);
  const result = lookUp(scope, output.name);
  if (!isLaid(result)) return fail("CONVERT_SOURCE_INVALID", `the output ${output.name} does not depend on the input`);
  return { graph: builder.graph(laid.value, outputOf(builder, result)), input: laid };
}

/** Those that take channels first. */
const IMAGE_OPERATORS = new Set([
  "Conv",
  "MaxPool",
  "AveragePool",
  "GlobalAveragePool",
  "ReduceMean",
  "BatchNormalization",
  "QuantizeLinear",
  "QLinearConv",
  "Pad",
  "Neg",
  "Add",
  "Sub",
  "Mul",
  "Div",
  "Relu",
  "Clip",
  "HardSwish",
]);

/** Images as [height, width, channels], unless the model itself begins by moving them. */
function inputOf({ name, type }: OnnxValueInfo, first: OnnxNode | undefined, shape?: readonly number[]): Laid {
  const given =
    type?.tensorType?.shape?.dim ??
    fail("CONVERT_SOURCE_INVALID", `the input ${name} has no shape: run onnx.shape_inference, or export with one`);
  const dims = inputDims(
    name,
    given.map(({ dimValue, dimParam }) => ({ size: dimValue, open: dimParam })),
    shape,
  );
  if (dims.length !== 4 || !IMAGE_OPERATORS.has(first?.opType ?? "")) return inputLaid(name, dims);
  const [, channels, height, width] = dims as [number, number, number, number];
  return { value: { shape: [height, width, channels], name }, dims, axes: [-1, 2, 0, 1] };
}

/** An image stays as the graph has it. */
function outputOf(builder: Call["builder"], laid: Laid): Value {
  const isImage = laid.axes.length === 4 && laid.axes.join() === "-1,2,0,1";
  return isImage ? laid.value : straight(builder, laid, "the output");
}

/** Computes what `wanted` needs, and no more: exporters leave dead nodes behind. */
function walkGraph(walk: Walk, graph: OnnxGraph, scope: Scope, wanted: readonly string[]): void {
  const needed = new Set(wanted);
  const used = new Set<OnnxNode>();
  for (const node of [...graph.node].reverse())
    if (node.output.some((name) => needed.has(name))) {
      used.add(node);
      for (const name of namesIn(node)) needed.add(name);
    }
  for (const node of graph.node) if (used.has(node)) bind(scope, node, step(walk, node, scope));
}

/** All that a node may read, its subgraphs' outer names with it. */
function namesIn(node: OnnxNode): string[] {
  return [
    ...node.input,
    ...node.attribute.flatMap(({ g }) => (g ? [...g.node.flatMap(namesIn), ...g.output.map(({ name }) => name)] : [])),
  ];
}

function bind(scope: Scope, node: OnnxNode, results: readonly Known[]): void {
  for (const [i, name] of node.output.entries()) if (name !== "" && results[i] !== undefined) scope.known.set(name, results[i]);
}

function step(walk: Walk, node: OnnxNode, scope: Scope): Known[] {
  if (++walk.steps > MAX_STEPS) fail("CONVERT_UNSUPPORTED", `more than ${MAX_STEPS} steps: unroll the model's loops before`);
  const name = `${node.opType} ${node.name || node.output[0]}`;
  const inputs = node.input.map((x) =>
    x === "" ? undefined : (lookUp(scope, x) ?? fail("CONVERT_SOURCE_INVALID", `${name}: its input ${x} is not made before it`)),
  );
  const call: Call = { node, name, opset: walk.opset, inputs, builder: walk.builder };
  if (node.opType === "If") return branch(walk, call, scope);
  if (node.opType === "Loop") return loop(walk, call, scope);
  if (inputs.some(isLaid) || !Object.hasOwn(FOLD, node.opType)) return ruleOf(call)(call);
  const results = FOLD[node.opType]!(call);
  const shared = new Set(inputs.filter((x) => isConstant(x)).map(({ data }) => data));
  if (results.some((x) => !isConstant(x) || !shared.has(x.data))) spend(walk, name, [...inputs, ...results]);
  return results;
}

function spend(walk: Walk, name: string, parts: readonly (Known | undefined)[]): void {
  for (const x of parts) if (isConstant(x)) walk.computed += x.data.length;
  if (walk.computed > MAX_COMPUTED)
    fail("CONVERT_UNSUPPORTED", `${name}: more than ${MAX_COMPUTED} numbers to compute beforehand: run onnx-simplifier before`);
}

function inner(walk: Walk, graph: OnnxGraph, outer: Scope, given: ReadonlyMap<string, Known>): Known[] {
  const own = graph.initializer.map((x) => [x.name, readTensor(x)] as const);
  spend(
    walk,
    graph.name,
    own.map(([, x]) => x),
  );
  const scope: Scope = { known: new Map([...own, ...given]), outer };
  const outputs = graph.output.map(({ name }) => name);
  walkGraph(walk, graph, scope, outputs);
  return outputs.map((name) => lookUp(scope, name) ?? fail("CONVERT_SOURCE_INVALID", `${name} is not made`));
}

function branch(walk: Walk, call: Call, scope: Scope): Known[] {
  const [condition] = call.inputs;
  if (!isConstant(condition))
    return fail("CONVERT_UNSUPPORTED", `${call.name}: a condition that depends on the input: export the branch that is taken`);
  return inner(walk, subgraphOf(call, scalar(condition, call.name) !== 0 ? "then_branch" : "else_branch"), scope, new Map());
}

function loop(walk: Walk, call: Call, scope: Scope): Known[] {
  const body = subgraphOf(call, "body");
  const [most, condition, ...carried] = call.inputs;
  const trips =
    most === undefined
      ? MAX_STEPS
      : isConstant(most)
        ? scalar(most, call.name)
        : invalid(call, "a number of steps that depends on the input");
  let going = condition === undefined || (isConstant(condition) && scalar(condition, call.name) !== 0);
  let state = carried as Known[];
  if (body.output.length > 1 + state.length) fail("CONVERT_UNSUPPORTED", `${call.name}: it collects its steps' results: unroll it before`);
  for (let i = 0; i < trips && going; i++) {
    const given = [constant(false, [], [i]), constant(false, [], [1]), ...state];
    const [next, ...after] = inner(walk, body, scope, new Map(body.input.map(({ name }, at) => [name, given[at]!])));
    if (!isConstant(next)) invalid(call, "its condition depends on the input");
    else going = scalar(next, call.name) !== 0;
    state = after;
  }
  return state;
}
