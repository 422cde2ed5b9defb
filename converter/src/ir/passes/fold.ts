/** Batch norms, factors and biases go into the weights before them, rectifiers into the clamp of what they follow. */
import { type Clamp, type Graph, makers, NO_CLAMP, type Node, type Op, type Value } from "../graph.ts";
import { onlyReader, renamed, untilStill, withoutDead } from "./rewrite.ts";

type Weighted = Extract<Op, { weights: Float32Array }>;
const isWeighted = (op: Op): op is Weighted => op.kind === "conv" || op.kind === "depthwise" || op.kind === "dense";
type Clamped = Exclude<Extract<Op, { clamp: Clamp }>, { kind: "clamp" }>;
const isClamped = (op: Op): op is Clamped => "clamp" in op && op.kind !== "clamp";
const isOpen = ({ lo, hi }: Clamp) => lo === NO_CLAMP.lo && hi === NO_CLAMP.hi;

function scaled(op: Weighted, scale: Float32Array, shift: Float32Array): Weighted {
  const channels = op.bias.length;
  const inner = op.weights.length / channels;
  const channelOf = op.kind === "depthwise" ? (i: number) => i % channels : (i: number) => Math.floor(i / inner);
  return {
    ...op,
    weights: op.weights.map((w, i) => w * scale[channelOf(i)]!),
    bias: op.bias.map((b, n) => b * scale[n]! + shift[n]!),
    weightScales: op.weightScales?.map((s, n) => s * Math.abs(scale[n]!)),
  };
}

const within = (a: Clamp, b: Clamp): Clamp => {
  const [lo, hi] = [Math.max(a.lo, b.lo), Math.min(a.hi, b.hi)];
  return lo > hi ? { lo: b.lo > a.hi ? b.lo : b.hi, hi: b.lo > a.hi ? b.lo : b.hi } : { lo, hi };
};

/** What `node`, the only reader of `maker`'s result, makes of it. */
function joined(maker: Op, node: Op): Op | undefined {
  if (node.kind === "affine" && isWeighted(maker) && isOpen(maker.clamp)) return scaled(maker, node.scale, node.shift);
  if (node.kind === "affine" && maker.kind === "affine")
    return {
      kind: "affine",
      scale: maker.scale.map((s, i) => s * node.scale[i]!),
      shift: maker.shift.map((s, i) => s * node.scale[i]! + node.shift[i]!),
    };
  if (node.kind === "affine" && maker.kind === "layernorm")
    return {
      ...maker,
      scale: maker.scale.map((s, i) => s * node.scale[i]!),
      shift: maker.shift.map((s, i) => s * node.scale[i]! + node.shift[i]!),
    };
  if (node.kind !== "clamp") return undefined;
  if (maker.kind === "clamp") return { kind: "clamp", clamp: within(maker.clamp, node.clamp) };
  return isClamped(maker) ? { ...maker, clamp: within(maker.clamp, node.clamp) } : undefined;
}

function once(graph: Graph): Graph {
  const made = makers(graph);
  const reader = onlyReader(graph);
  for (const node of graph.nodes) {
    const maker = made.get(node.inputs[0] as Value);
    // A quantised source says where its values are held: they stay.
    if (maker === undefined || reader(maker.output) !== node || maker.output.quantisation !== undefined) continue;
    const op = joined(maker.op, node.op);
    if (op === undefined) continue;
    const one: Node = { ...maker, op, output: node.output };
    return { ...graph, nodes: graph.nodes.flatMap((x) => (x === maker ? [] : x === node ? [one] : [x])) };
  }
  return graph;
}

export const foldAffine = untilStill(once);

/** Zeros around an image become padding of the window that reads them, where that allows it. */
export function foldPads(graph: Graph): Graph {
  const made = makers(graph);
  const nodes = graph.nodes.map((node) => {
    const pad = made.get(node.inputs[0] as Value);
    if ((node.op.kind !== "conv" && node.op.kind !== "depthwise") || pad?.op.kind !== "pad" || pad.op.before.length !== 3) return node;
    const { before, after } = pad.op;
    if (before[2] !== 0 || after[2] !== 0) return node;
    const { window } = node.op;
    const [padTop, padLeft] = [window.padTop + before[0]!, window.padLeft + before[1]!];
    const [padBottom, padRight] = [window.padBottom + after[0]!, window.padRight + after[1]!];
    if (Math.max(padTop, padBottom) >= window.kernelY || Math.max(padLeft, padRight) >= window.kernelX) return node;
    return { ...node, inputs: pad.inputs, op: { ...node.op, window: { ...window, padTop, padLeft, padBottom, padRight } } };
  });
  return withoutDead({ ...graph, nodes });
}

/** A softmax at the end keeps the order of its scores; they are finer without, and whoever wants chances computes them. */
export function withoutLastSoftmax(graph: Graph): Graph {
  const last = makers(graph).get(graph.output);
  return last?.op.kind === "softmax" && !last.op.causal
    ? withoutDead(renamed(graph, new Map([[graph.output, last.inputs[0] as Value]])))
    : graph;
}
