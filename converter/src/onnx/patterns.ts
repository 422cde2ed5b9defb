/** Norms as exporters before operator set 17 write them, in eight nodes, put together again. */
import type { OnnxGraph, OnnxNode, OnnxTensor } from "./schema.ts";
import { readTensor } from "./tensor.ts";

interface View {
  makerOf(name: string | undefined): OnnxNode | undefined;
  /** Of a constant of one element. */
  numberOf(name: string | undefined): number | undefined;
}

function viewOf(graph: OnnxGraph): View {
  const makers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const tensors = new Map<string, OnnxTensor>(graph.initializer.map((tensor) => [tensor.name, tensor]));
  return {
    makerOf: (name) => (name === undefined ? undefined : makers.get(name)),
    numberOf(name = "") {
      const node = makers.get(name);
      const tensor = tensors.get(name) ?? (node?.opType === "Constant" ? node.attribute.find((x) => x.name === "value")?.t : undefined);
      const data = tensor ? readTensor(tensor).data : undefined;
      return data?.length === 1 ? data[0] : undefined;
    },
  };
}

const is = (node: OnnxNode | undefined, ...types: string[]): node is OnnxNode => node !== undefined && types.includes(node.opType);

/** What a node averages over its last dimension. Axes that come as an input are those of one constant, -1 or the last. */
function averaged(view: View, node: OnnxNode | undefined): string | undefined {
  if (!is(node, "ReduceMean")) return undefined;
  const axes = node.attribute.find(({ name }) => name === "axes")?.ints ?? [view.numberOf(node.input[1]) ?? 0];
  return axes.length === 1 && axes[0] !== 0 && axes[0] !== 1 ? node.input[0] : undefined;
}

/** x of x^2 or x * x. */
function squared(view: View, node: OnnxNode | undefined): string | undefined {
  if (is(node, "Pow") && view.numberOf(node.input[1]) === 2) return node.input[0];
  return is(node, "Mul") && node.input[0] === node.input[1] ? node.input[0] : undefined;
}

/** x and the mean that is taken from it. */
function centred(view: View, node: OnnxNode | undefined): string | undefined {
  if (!is(node, "Sub")) return undefined;
  return averaged(view, view.makerOf(node.input[1])) === node.input[0] ? node.input[0] : undefined;
}

/** sqrt(mean(y^2) + epsilon): y and epsilon. */
function deviation(view: View, node: OnnxNode | undefined): { of: string; epsilon: number } | undefined {
  const sum = is(node, "Sqrt") ? view.makerOf(node.input[0]) : undefined;
  if (!is(sum, "Add")) return undefined;
  const [a, b] = sum.input;
  const epsilon = view.numberOf(b) ?? view.numberOf(a);
  const mean = averaged(view, view.makerOf(view.numberOf(b) === undefined ? b : a));
  const of = squared(view, view.makerOf(mean));
  return epsilon === undefined || of === undefined ? undefined : { of, epsilon };
}

/** y / deviation, or y * (1 / deviation). */
function normalised(view: View, node: OnnxNode): { y: string; of: string; epsilon: number } | undefined {
  const [a, b] = node.input as [string, string];
  if (is(node, "Div")) {
    const found = deviation(view, view.makerOf(b));
    return found && { y: a, ...found };
  }
  if (!is(node, "Mul")) return undefined;
  for (const [y, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const inverse = view.makerOf(other);
    const root =
      inverse?.opType === "Reciprocal" ? inverse.input[0] : view.numberOf(inverse?.input[0]) === 1 ? inverse?.input[1] : undefined;
    const found = deviation(view, view.makerOf(root));
    if (found !== undefined) return { y, ...found };
  }
  return undefined;
}

function replacement(view: View, node: OnnxNode): OnnxNode | undefined {
  const found = normalised(view, node);
  if (found === undefined) return undefined;
  const attribute = [{ name: "epsilon", f: found.epsilon, i: 0, s: new Uint8Array(), floats: [], ints: [] }];
  const [x, other] = [centred(view, view.makerOf(found.y)), centred(view, view.makerOf(found.of))];
  // Exporters write the difference twice where they use it twice.
  if (x !== undefined && x === other) return { ...node, opType: "LayerNormalization", input: [x], attribute };
  return found.y === found.of ? { ...node, opType: "RMSNormalization", input: [found.y], attribute } : undefined;
}

export function joinedNorms(graph: OnnxGraph): OnnxGraph {
  const view = viewOf(graph);
  return { ...graph, node: graph.node.map((node) => replacement(view, node) ?? node) };
}
