/**
 * Weights of a graph as whole numbers, one operator after the other in the order of computing: what rounding has changed so far,
 * in weights and in values before, changes the mean of an operator's channels, and its bias takes that back (Nagel et al. 2019,
 * "Data-Free Quantization Through Weight Equalization and Bias Correction", with means that are measured). A background of one
 * colour is what makes it count: all its elements are rounded alike, and the error adds up.
 */
import { cut, held, runNode } from "../float/run.ts";
import { type Clamp, count, type Graph, NO_CLAMP, type Node, type Op, type Quantisation, readers, type Value } from "../ir/graph.ts";
import { roundedTogether } from "./rounding.ts";
import { quantiseBias, quantiseWeights } from "./weights.ts";

export interface Fitted {
  /** Of the weights in the file. */
  shape: readonly number[];
  weights: Int8Array;
  bias: Int32Array;
  multipliers: Uint16Array;
  shift: number;
}

type Weighted = Extract<Op, { weights: Float32Array }>;
type Both = { real: Float32Array; whole: Float32Array };

export function fitWeights(graph: Graph, scales: ReadonlyMap<Value, Quantisation>, inputs: readonly Float32Array[]): Map<Node, Fitted> {
  const fitted = new Map<Node, Fitted>();
  const left = new Map([...readers(graph)].map(([value, nodes]) => [value, nodes.length]));
  const values = new Map<Value, Both[]>();
  const hold = (value: Value, data: Float32Array) => held(data, scales.get(value));
  values.set(
    graph.input,
    inputs.map((input) => ({ real: held(input.slice(), graph.input.quantisation), whole: hold(graph.input, input.slice()) })),
  );
  for (const node of graph.nodes) {
    const pairs = inputs.map((_, i) => node.inputs.map((value) => values.get(value)![i]!));
    const { results, one } =
      "weights" in node.op ? fitNode(node, node.op, pairs, scales) : { results: pairs.map((pair) => runBoth(node, pair)), one: undefined };
    if (one !== undefined) fitted.set(node, one);
    values.set(
      node.output,
      results.map(({ real, whole }) => ({ real: held(real, node.output.quantisation), whole: hold(node.output, whole) })),
    );
    for (const value of node.inputs) {
      left.set(value, left.get(value)! - 1);
      if (left.get(value) === 0) values.delete(value);
    }
  }
  return fitted;
}

function runBoth(node: Node, pair: readonly Both[]): Both {
  return {
    real: runNode(
      node,
      pair.map(({ real }) => real),
    ),
    whole: runNode(
      node,
      pair.map(({ whole }) => whole),
    ),
  };
}

function fitNode(
  node: Node,
  op: Weighted,
  pairs: readonly (readonly Both[])[],
  scales: ReadonlyMap<Value, Quantisation>,
): { results: Both[]; one: Fitted } {
  const [input, output] = [scales.get(node.inputs[0]!)!, scales.get(node.output)!];
  const n = op.bias.length;
  const inner = op.weights.length / n;
  const channelOf = op.kind === "depthwise" ? (i: number) => i % n : (i: number) => Math.floor(i / inner);
  const { multipliers, shift, steps, ...nearest } = quantiseWeights(
    { weights: op.weights, bias: op.bias, scales: op.weightScales, channelOf },
    input,
    output,
  );
  // A quantised source has its weights and biases from its own training or calibration.
  const own = op.weightScales !== undefined;
  const met = pairs.map(([x]) => x!.whole);
  const weights = own ? nearest.weights : roundedTogether({ ...node, op }, nearest.weights, steps, met);
  const open: Node = { ...node, op: { ...op, clamp: NO_CLAMP } };
  const rounded: Node = {
    ...node,
    op: { ...op, clamp: NO_CLAMP, weights: Float32Array.from(weights, (w, i) => w * steps[channelOf(i)]!) },
  };
  const results = pairs.map(([x]) => ({ real: runNode(open, [x!.real]), whole: runNode(rounded, [x!.whole]) }));
  const change = own ? new Float64Array(n) : meanChange(results, n);
  for (const { whole } of results) for (let i = 0; i < whole.length; i++) whole[i]! -= change[i % n]!;
  const moved = own ? new Float64Array(n) : backgroundMoves(results, n, op.clamp, output);
  for (const { real, whole } of results) {
    for (let i = 0; i < whole.length; i++) whole[i]! += moved[i % n]!;
    cut(real, op.clamp);
    cut(whole, op.clamp);
  }
  const bias = quantiseBias(
    op.bias.map((b, i) => b - change[i]! + moved[i]!),
    steps,
    input.scale,
  );
  return { results, one: { shape: shapeOf(op, inner, n), weights, bias, multipliers, shift } };
}

function meanChange(results: readonly Both[], n: number): Float64Array {
  const change = new Float64Array(n);
  for (const { real, whole } of results) for (let i = 0; i < real.length; i++) change[i % n]! += whole[i]! - real[i]!;
  const positions = results.length * ((results[0]?.real.length ?? n) / n);
  return change.map((sum) => sum / positions);
}

/** Positions that are looked at for a background. */
const POSITIONS = 4096;
/** Of them that have to be alike, and how alike, in steps. */
const [SHARE, ALIKE] = [0.3, 0.02];

/**
 * For each channel what brings the value that most of an image has (its ground) to the nearest step. Then it is not rounded at all,
 * and the operator that reads it takes the whole move back in its bias, right for every position; without, what it takes back is
 * the ground's error, and wrong for all others.
 */
function backgroundMoves(results: readonly Both[], n: number, clamp: Clamp, { scale }: Quantisation): Float64Array {
  const positions = (results[0]?.whole.length ?? 0) / n;
  const step = Math.max(1, Math.floor((positions * results.length) / POSITIONS));
  return Float64Array.from({ length: n }, (_, channel) => {
    const seen: number[] = [];
    for (let at = 0; at < positions * results.length; at += step)
      seen.push(results[Math.floor(at / positions)]!.whole[(at % positions) * n + channel]!);
    const middle = seen.sort((a, b) => a - b)[seen.length >> 1] ?? 0;
    const alike = seen.filter((x) => Math.abs(x - middle) < ALIKE * scale).length;
    if (positions < 2 || alike < SHARE * seen.length || middle <= clamp.lo || middle >= clamp.hi) return 0;
    return Math.round(middle / scale) * scale - middle;
  });
}

function shapeOf(op: Weighted, inner: number, n: number): number[] {
  if (op.kind === "dense") return [n, inner];
  const { kernelY, kernelX } = op.window;
  return op.kind === "depthwise" ? [kernelY, kernelX, n] : [n, kernelY, kernelX, inner / (kernelY * kernelX)];
}

/** Elements that all inputs together keep alive: 1 GiB of floats, twice. */
const MAX_ALIVE = 2 ** 27;

/** How many inputs may be held at once. */
export function inputsAtOnce(graph: Graph): number {
  const sizes = [graph.input, ...graph.nodes.map(({ output }) => output)].map(({ shape }) => count(shape)).sort((a, b) => b - a);
  const alive = sizes.slice(0, 4).reduce((a, b) => a + b, 0);
  return Math.max(1, Math.floor(MAX_ALIVE / alive));
}
