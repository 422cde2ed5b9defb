/** What moves elements and computes nothing: joined, cancelled, or taken into the weights that follow. */
import { count, type Graph, makers, type Node, type Op, sameShape, type Value } from "../graph.ts";
import { renamed, untilStill, withoutDead } from "./rewrite.ts";

const real = (shape: readonly number[], order: readonly number[]) => order.filter((axis) => shape[axis] !== 1);

/** A transpose that moves only dimensions of size 1 is a reshape. */
const movesNothing = ({ op, inputs }: Node) =>
  op.kind === "transpose" && real(inputs[0]!.shape, op.order).every((axis, i, all) => i === 0 || axis > all[i - 1]!);

function once(graph: Graph): Graph {
  const made = makers(graph);
  const change = (node: Node, by: Partial<Node>) =>
    withoutDead({ ...graph, nodes: graph.nodes.map((x) => (x === node ? { ...x, ...by } : x)) });
  for (const node of graph.nodes) {
    const maker = made.get(node.inputs[0] as Value);
    const free = node.output.quantisation === undefined;
    if (movesNothing(node)) return change(node, { op: { kind: "reshape" } });
    if (node.op.kind === "reshape" && free && sameShape(node.inputs[0]!.shape, node.output.shape))
      return withoutDead(renamed(graph, new Map([[node.output, node.inputs[0] as Value]])));
    if (maker === undefined || maker.output.quantisation !== undefined) continue;
    if (node.op.kind === "reshape" && maker.op.kind === "reshape") return change(node, { inputs: maker.inputs });
    if (node.op.kind === "transpose" && maker.op.kind === "transpose") {
      const first = maker.op.order;
      return change(node, { inputs: maker.inputs, op: { kind: "transpose", order: node.op.order.map((axis) => first[axis]!) } });
    }
    const dense = denseAfterMove(made, node, maker);
    if (dense !== undefined) return dense(graph);
  }
  return graph;
}

/** dense(reshape(transpose(x))) of all elements: the weights' columns are transposed instead. */
function denseAfterMove(made: ReadonlyMap<Value, Node>, node: Node, reshape: Node): ((graph: Graph) => Graph) | undefined {
  const moved = made.get(reshape.inputs[0] as Value);
  if (node.op.kind !== "dense" || reshape.op.kind !== "reshape" || moved?.op.kind !== "transpose") return undefined;
  const from = moved.inputs[0] as Value;
  if (node.inputs[0]!.shape.at(-1) !== count(from.shape)) return undefined;
  const op: Op = { ...node.op, weights: columnsMoved(node.op.weights, node.op.bias.length, from.shape, moved.op.order) };
  const flat: Node = { ...reshape, inputs: [from], output: { shape: reshape.output.shape, name: reshape.name } };
  return (graph) =>
    withoutDead({ ...graph, nodes: graph.nodes.flatMap((x) => (x === node ? [flat, { ...node, op, inputs: [flat.output] }] : [x])) });
}

/** Weights [N, K] for elements in transposed order to weights for them in the order of `shape`. */
function columnsMoved(weights: Float32Array, n: number, shape: readonly number[], order: readonly number[]): Float32Array {
  const k = count(shape);
  const steps = shape.map((_, axis) => count(shape.slice(axis + 1)));
  const out = new Float32Array(weights.length);
  const index = order.map(() => 0);
  for (let at = 0; at < k; at++) {
    const source = index.reduce((sum, x, i) => sum + x * steps[order[i]!]!, 0);
    for (let row = 0; row < n; row++) out[row * k + source] = weights[row * k + at]!;
    for (let i = order.length - 1; i >= 0; i--) {
      if (++index[i]! < shape[order[i]!]!) break;
      index[i] = 0;
    }
  }
  return out;
}

export const simplifyMoves = untilStill(once);
