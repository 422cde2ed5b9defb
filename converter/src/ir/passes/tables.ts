/** Functions of one value become one table: a chain, a clamp or a factor that could not be folded, and x * f(x) as exporters write hard swish. */
import { type Graph, makers, type Node, type Op, type Value } from "../graph.ts";
import { onlyReader, untilStill, withoutDead } from "./rewrite.ts";

type Apply = (x: number) => number;
interface Function {
  of: Value;
  names: string[];
  apply: Apply;
  /** Functions of the source that one value takes. */
  calls: number;
}

/** A name is joined of names that were joined before. */
const MAX_NAME = 200;
const MAX_NAMES = 8;
/** Of one table: f(x) + f(x), of that again, and so on, doubles at each step. */
const MAX_CALLS = 256;
const callsOf = new WeakMap<Apply, number>();

function applied(op: Op): { name: string; apply: Apply } | undefined {
  if (op.kind === "unary") return { name: op.function, apply: op.apply };
  if (op.kind === "clamp") {
    const { lo, hi } = op.clamp;
    return { name: "clamp", apply: (x) => Math.min(hi, Math.max(lo, x)) };
  }
  if (op.kind !== "affine") return undefined;
  const [scale, shift] = [op.scale[0]!, op.shift[0]!];
  return op.scale.every((x) => x === scale) && op.shift.every((x) => x === shift)
    ? { name: "affine", apply: (x) => x * scale + shift }
    : undefined;
}

/** `value` as a function of one before it; of itself where it is none. */
function functionOf(made: ReadonlyMap<Value, Node>, value: Value, most = MAX_CALLS): Function {
  const node = made.get(value);
  const own = node && value.quantisation === undefined ? applied(node.op) : undefined;
  const calls = own === undefined ? 0 : (callsOf.get(own.apply) ?? 1);
  if (node === undefined || own === undefined || calls > most) return { of: value, names: [], apply: (x) => x, calls: 0 };
  const before = functionOf(made, node.inputs[0] as Value, most - calls);
  return { of: before.of, names: [...before.names, own.name], apply: (x) => own.apply(before.apply(x)), calls: before.calls + calls };
}

/** x * f(x) and x + f(x), where both sides are functions of the same value. */
function combined(made: ReadonlyMap<Value, Node>, { op, inputs, output }: Node): Function | undefined {
  if ((op.kind !== "multiply" && op.kind !== "add") || inputs[0]!.shape.length !== inputs[1]!.shape.length) return undefined;
  const [a, b] = [functionOf(made, inputs[0]!), functionOf(made, inputs[1]!)];
  if (a.of !== b.of || output.shape.some((dimension, i) => dimension !== a.of.shape[i])) return undefined;
  const { lo, hi } = op.clamp;
  const both: Apply = op.kind === "add" ? (x) => a.apply(x) + b.apply(x) : (x) => a.apply(x) * b.apply(x);
  const calls = a.calls + b.calls + 1;
  if (calls > MAX_CALLS) return undefined;
  return { of: a.of, names: [...a.names, op.kind, ...b.names], apply: (x) => Math.min(hi, Math.max(lo, both(x))), calls };
}

function once(graph: Graph): Graph {
  const made = makers(graph);
  const reader = onlyReader(graph);
  for (const node of graph.nodes) {
    const pair = combined(made, node);
    const maker = made.get(node.inputs[0] as Value);
    const chained =
      applied(node.op) && maker && reader(maker.output) === node && applied(maker.op) && maker.output.quantisation === undefined;
    const chain = chained ? functionOf(made, node.output) : undefined;
    const found = pair ?? (chain?.of === node.inputs[0] ? undefined : chain);
    const single = found ?? (node.op.kind === "clamp" || (node.op.kind === "affine" && applied(node.op)) ? functionOfOne(node) : undefined);
    if (single === undefined) continue;
    const names = single.names.length > MAX_NAMES ? [...single.names.slice(0, MAX_NAMES), "..."] : single.names;
    const op: Op = { kind: "unary", function: names.join(".").slice(0, MAX_NAME), apply: single.apply };
    callsOf.set(single.apply, single.calls);
    return withoutDead({ ...graph, nodes: graph.nodes.map((x) => (x === node ? { ...node, op, inputs: [single.of] } : x)) });
  }
  return graph;
}

function functionOfOne({ op, inputs }: Node): Function {
  const { name, apply } = applied(op)!;
  return { of: inputs[0] as Value, names: [name], apply, calls: 1 };
}

export const toTables = untilStill(once);
