/** Scales and zero points of every value, from what was observed or what a quantised source says. */
import { fail } from "../errors.ts";
import { identity } from "../ir/builder.ts";
import { type Graph, makers, type Node, type Quantisation, type Value } from "../ir/graph.ts";
import type { Observed } from "./observe.ts";
import { MAX_RATIO } from "./weights.ts";

/** Operators whose results are elements of their inputs: the file wants one scale for both. */
const KEEPS = new Set(["maxpool", "avgpool", "reshape", "transpose", "slice", "pad", "concat"]);
const keeps = ({ op }: Node) => KEEPS.has(op.kind);

const same = (a: Quantisation | undefined, b: Quantisation | undefined) =>
  a !== undefined && b !== undefined && a.scale === b.scale && a.zeroPoint === b.zeroPoint;

/** Where a quantised source gives input and output of such an operator scales of their own, a table stands between. */
export function withRequantised(graph: Graph): Graph {
  const nodes = graph.nodes.flatMap((node) => {
    const { quantisation } = node.output;
    if (!keeps(node) || quantisation === undefined) return [node];
    const before: Node[] = [];
    const inputs = node.inputs.map((value) => {
      if (value.quantisation === undefined || same(value.quantisation, quantisation)) return value;
      const output: Value = { shape: value.shape, name: node.name, quantisation };
      before.push({ op: identity, inputs: [value], output, name: node.name });
      return output;
    });
    return [...before, { ...node, inputs }];
  });
  return { ...graph, nodes };
}

/** A zero point outside int8, where 0 is no value of the range, is held to its end. */
function fromRange(low: number, high: number): Quantisation {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const scale = Math.max((to - from) / 255, 1e-12);
  return { scale, zeroPoint: Math.max(-128, Math.min(127, Math.round(-128 - from / scale))) };
}

type Apply = (x: number) => number;

/** Square error that a quantisation leaves in the sample, as its reader sees it. */
function error(sample: Float32Array, wanted: Float32Array, { scale, zeroPoint }: Quantisation, apply: Apply): number {
  const table = Float64Array.from({ length: 256 }, (_, i) => apply((i - 128 - zeroPoint) * scale));
  let sum = 0;
  for (let i = 0; i < sample.length; i++) {
    const q = Math.max(-128, Math.min(127, Math.round(sample[i]! / scale) + zeroPoint));
    sum += (wanted[i]! - table[q + 128]!) ** 2;
  }
  return sum;
}

const asItIs: Apply = (x) => x;
const SHARES = Array.from({ length: 20 }, (_, i) => 1 - i * 0.04);

/** The range with the least square error: a few large elements are cut where all others gain. */
function narrowed({ low, high, sample }: Observed, seenBy: readonly Apply[]): Quantisation {
  const ranges = SHARES.flatMap((share) =>
    low < 0 && high > 0
      ? [
          [low * share, high * share],
          [low * share, high],
          [low, high * share],
        ]
      : [[low * share, high * share]],
  );
  const tried = ranges.map(([a, b]) => fromRange(a!, b!));
  const errors = new Float64Array(tried.length);
  for (const apply of seenBy) {
    const wanted = sample.map(apply);
    for (const [i, x] of tried.entries()) errors[i]! += error(sample, wanted, x, apply);
  }
  return tried[errors.indexOf(Math.min(...errors))]!;
}

/** Values that share a scale, by one of them. */
function groups(graph: Graph): (value: Value) => Value {
  const parent = new Map<Value, Value>();
  const root = (value: Value): Value => {
    const up = parent.get(value);
    return up === undefined ? value : root(up);
  };
  for (const node of graph.nodes.filter(keeps))
    for (const value of node.inputs) if (root(value) !== root(node.output)) parent.set(root(node.output), root(value));
  return root;
}

export interface Wishes {
  /** Scores below it need no order among themselves. */
  floor?: number;
  /** Results take wider steps where their weights want them. */
  wide?: boolean;
}

/** Of each value with int8 elements. */
export function chooseScales(
  graph: Graph,
  observed: ReadonlyMap<Value, Observed>,
  { floor = Number.NEGATIVE_INFINITY, wide = false }: Wishes = {},
): Map<Value, Quantisation> {
  const root = groups(graph);
  const made = makers(graph);
  const values = [graph.input, ...graph.nodes.map(({ output }) => output)];
  const members = new Map<Value, Value[]>();
  for (const value of values) members.set(root(value), [...(members.get(root(value)) ?? []), value]);
  const scales = new Map<Value, Quantisation>();
  for (const group of members.values()) {
    const own = () => fitted(graph, group, observed, floor);
    const makersOf = () => group.flatMap((value) => made.get(value) ?? []);
    const chosen = given(graph, group, made) ?? (wide ? wideEnough(own(), makersOf(), scales) : own());
    for (const value of group) scales.set(value, chosen);
  }
  return scales;
}

/** Numbers of rows are whole: byte - (-128), as GATHER reads them. */
const ROWS: Quantisation = { scale: 1, zeroPoint: -128 };

function given(graph: Graph, group: readonly Value[], made: ReadonlyMap<Value, Node>): Quantisation | undefined {
  if (graph.nodes.some(({ op, inputs }) => op.kind === "gather" && group.includes(inputs[0] as Value))) return ROWS;
  // Chances of a softmax are in 127ths (inference.md section 2).
  if (group.some((value) => made.get(value)?.op.kind === "softmax")) return { scale: 1 / 127, zeroPoint: 0 };
  return group.find(({ quantisation }) => quantisation !== undefined)?.quantisation;
}

function fitted(graph: Graph, group: readonly Value[], observed: ReadonlyMap<Value, Observed>, floor: number): Quantisation {
  const seen = group.map((value) => observed.get(value) ?? fail("CONVERT_DATA_INVALID", `nothing was observed of ${value.name}`));
  const low = Math.min(...seen.map((x) => x.low));
  const high = Math.max(...seen.map((x) => x.high));
  if (!Number.isFinite(low) || !Number.isFinite(high))
    fail("CONVERT_DATA_INVALID", `${group[0]!.name} is not finite for the inputs that calibrate`);
  // The input is what the caller gives, and scores are compared with each other: neither is cut, but for scores that cannot win.
  if (group.includes(graph.input)) return fromRange(low, high);
  if (group.includes(graph.output)) return fromRange(Math.max(low, floor), high);
  const widest = seen.reduce((a, b) => (b.high - b.low > a.high - a.low ? b : a));
  return narrowed({ ...widest, low, high }, group.length === 1 ? tablesOf(graph, group[0]!) : [asItIs]);
}

/** As much as a bit of the result may be given for its weights. */
const MOST_WIDER = 2;

/**
 * A multiplier below 1/4 says weights of at most 32 steps of the result in a step of the input. Where one is larger, and its channel
 * could not be stretched (equalise.ts), wider steps cost each element a little; cutting the weight costs its channel all that is cut.
 */
function wideEnough({ scale, zeroPoint }: Quantisation, of: readonly Node[], scales: ReadonlyMap<Value, Quantisation>): Quantisation {
  const wanted = of.flatMap(({ op, inputs }) => {
    const from = scales.get(inputs[0]!);
    if (!("weights" in op) || op.weightScales !== undefined || from === undefined) return [];
    return [(op.weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0) * from.scale) / (127 * MAX_RATIO)];
  });
  return { scale: Math.max(scale, Math.min(MOST_WIDER * scale, Math.max(0, ...wanted))), zeroPoint };
}

/** What its readers make of a value, where all are tables: a hard swish needs no steps below -3, a sigmoid few at its ends. */
function tablesOf(graph: Graph, value: Value): readonly Apply[] {
  const of = graph.nodes.filter(({ inputs }) => inputs.includes(value)).map(({ op }) => op);
  const tables = of.flatMap((op) => (op.kind === "unary" ? [op.apply] : []));
  return tables.length === of.length && of.length > 0 ? tables : [asItIs];
}
