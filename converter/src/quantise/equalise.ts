/**
 * What a weight of int8 and its multiplier can say is bounded: M / 2^17 is below 1/4. A depthwise convolution whose input has a
 * channel of small numbers, as batch norms make them, may have larger weights than that. Channels share a scale, but where only
 * depthwise convolutions read a value, such a channel can be stretched, and the weights shrink by as much: nothing is lost, for they
 * have a scale for each channel (the free half of Nagel et al. 2019, section 4.1). No channel is stretched beyond need: values
 * that calibration did not see would be cut. Where calibration shows all there is, `stretch` says so: then every channel of a
 * rectifier is stretched nearly to the range, also where convolutions read it, whose weights share a scale and lose less than is won.
 */
import { type Clamp, type Graph, makers, type Node, type Op, type Quantisation, readers, type Value } from "../ir/graph.ts";
import type { Observed } from "./observe.ts";
import { MAX_RATIO } from "./weights.ts";

type Weighted = Extract<Op, { weights: Float32Array }>;
export interface Seen {
  graph: Graph;
  observed: ReadonlyMap<Value, Observed>;
}

/** A channel that would need more has next to nothing to say. */
const MOST = 16;
/** What is left above the largest that calibration saw. */
const HEADROOM = 1.2;

/** `scales`: those that were chosen without. */
export function equalised({ graph, observed }: Seen, scales: ReadonlyMap<Value, Quantisation>, stretch = false): Seen {
  const [made, read] = [makers(graph), readers(graph)];
  const ops = new Map<Node, Op>();
  const opOf = (node: Node) => ops.get(node) ?? node.op;
  const seen = new Map(observed);
  for (const [value, of] of read) {
    const maker = made.get(value);
    if (maker === undefined || value === graph.output || !isFree(maker, value, of, stretch)) continue;
    const range = rangeOf(scales.get(value)!);
    const wanted = needed(of, scales);
    const factors = observed.get(value)!.tops.map((top, i) => {
      const wish = stretch && top > 0 ? Math.max(wanted[i]!, range / top / HEADROOM) : wanted[i]!;
      return Math.max(1, Math.min(wish, range / top, MOST));
    });
    if (factors.every((factor) => factor === 1)) continue;
    const own = opOf(maker) as Weighted;
    ops.set(maker, { ...byChannelOfOutput(own, factors), clamp: stretched(own.clamp, range) });
    for (const node of of) ops.set(node, byChannelOfInput(opOf(node) as Weighted, factors));
    seen.set(value, scaled(observed.get(value)!, factors));
  }
  return { graph: { ...graph, nodes: graph.nodes.map((node) => withOp(node, opOf(node))) }, observed: seen };
}

const rangeOf = ({ scale, zeroPoint }: Quantisation) => (127 - zeroPoint) * scale;

/** For each channel what makes the weights that read it small enough for a multiplier. */
function needed(of: readonly Node[], scales: ReadonlyMap<Value, Quantisation>): Float64Array {
  const n = of[0]!.inputs[0]!.shape.at(-1)!;
  const factors = new Float64Array(n);
  for (const { op, inputs, output } of of) {
    const limit = (127 * MAX_RATIO * scales.get(output)!.scale) / scales.get(inputs[0]!)!.scale;
    for (const [i, w] of (op as Weighted).weights.entries()) factors[i % n] = Math.max(factors[i % n]!, Math.abs(w) / limit);
  }
  return factors;
}

const withOp = (node: Node, op: Op): Node => (op === node.op ? node : { ...node, op });
const isOwn = ({ op }: Node): boolean => "weights" in op && op.weightScales === undefined;

/** Of a rectifier, which stretching leaves alone. A quantised source keeps its scales. */
function isFree(maker: Node, value: Value, of: readonly Node[], stretch: boolean): boolean {
  const takes = (node: Node) => isOwn(node) && (stretch || node.op.kind === "depthwise");
  if (!isOwn(maker) || value.quantisation !== undefined || !of.every(takes)) return false;
  return (maker.op as Weighted).clamp.lo === 0;
}

/** The widest channel is cut where it was; no other reaches its end. */
const stretched = ({ lo, hi }: Clamp, range: number): Clamp => ({ lo, hi: hi === Number.POSITIVE_INFINITY ? hi : Math.min(hi, range) });

function byChannelOfOutput(op: Weighted, factors: Float32Array): Weighted {
  const n = op.bias.length;
  const inner = op.weights.length / n;
  const channelOf = op.kind === "depthwise" ? (i: number) => i % n : (i: number) => Math.floor(i / inner);
  return { ...op, weights: op.weights.map((w, i) => w * factors[channelOf(i)]!), bias: op.bias.map((b, i) => b * factors[i]!) };
}

const byChannelOfInput = (op: Weighted, factors: Float32Array): Weighted => ({
  ...op,
  weights: op.weights.map((w, i) => w / factors[i % factors.length]!),
});

const scaled = (seen: Observed, factors: Float32Array): Observed => ({
  ...seen,
  tops: seen.tops.map((top, i) => top * factors[i]!),
  sample: seen.sample.map((x, i) => x * factors[seen.channels[i]!]!),
});
