/**
 * The float judge: a graph in single precision, sums in double. Values that a quantised source holds to 8 bits are held to them
 * here, so that its own answers come out.
 */
import { type Clamp, count, type Graph, type Node, type Quantisation, type Value } from "../ir/graph.ts";
import { conv, depthwise, pool } from "./images.ts";
import { concat, pad, slice, transpose } from "./moves.ts";
import { product } from "./products.ts";
import { best, layernorm, matmul, rmsnorm, softmax } from "./rows.ts";

export type Values = Map<Value, Float32Array>;

/** Every value for one input, in the graph's order. */
export function runFloat(graph: Graph, input: Float32Array): Values {
  const values: Values = new Map([[graph.input, held(input.slice(), graph.input.quantisation)]]);
  for (const node of graph.nodes)
    values.set(
      node.output,
      held(
        runNode(
          node,
          node.inputs.map((x) => values.get(x) as Float32Array),
        ),
        node.output.quantisation,
      ),
    );
  return values;
}

/** A node's result, not held to a quantisation yet. */
export function runNode(node: Node, inputs: readonly Float32Array[]): Float32Array {
  const y = new Float32Array(count(node.output.shape));
  if (node.op.kind === "concat")
    concat(
      y,
      node.output.shape,
      inputs.map((data, i) => ({ data, shape: node.inputs[i]!.shape })),
      node.op.axis,
    );
  else compute(node, y, inputs);
  return y;
}

export function held(data: Float32Array, quantisation: Quantisation | undefined): Float32Array {
  if (quantisation === undefined) return data;
  const { scale, zeroPoint } = quantisation;
  for (let i = 0; i < data.length; i++)
    data[i] = (Math.max(-128, Math.min(127, Math.round(data[i]! / scale) + zeroPoint)) - zeroPoint) * scale;
  return data;
}

export function cut(y: Float32Array, { lo, hi }: Clamp): void {
  if (lo > Number.NEGATIVE_INFINITY || hi < Number.POSITIVE_INFINITY)
    for (let i = 0; i < y.length; i++) y[i] = Math.min(hi, Math.max(lo, y[i]!));
}

function compute({ op, inputs, output }: Node, y: Float32Array, [x, other]: readonly Float32Array[]): void {
  const [from, to] = [inputs[0]!.shape, output.shape];
  const k = from.at(-1)!;
  const [a, b] = [x as Float32Array, other as Float32Array];
  switch (op.kind) {
    case "conv":
      conv(op, y, to, a, from);
      cut(y, op.clamp);
      break;
    case "depthwise":
      depthwise(op, y, to, a, from);
      cut(y, op.clamp);
      break;
    case "dense":
      product(y, a, op.weights, op.bias, count(from) / k, op.bias.length, k);
      cut(y, op.clamp);
      break;
    case "matmul":
      matmul(y, a, b, [from.at(-2)!, k, to.at(-1)!], op.transposed, op.factor);
      cut(y, op.clamp);
      break;
    case "add":
      for (let i = 0; i < y.length; i++) y[i] = a[i]! + b[i % b.length]!;
      cut(y, op.clamp);
      break;
    case "multiply":
      for (let i = 0; i < y.length; i++) y[i] = a[i]! * b[i % b.length]!;
      cut(y, op.clamp);
      break;
    case "affine":
      for (let i = 0; i < y.length; i++) y[i] = a[i]! * op.scale[i % k]! + op.shift[i % k]!;
      break;
    case "clamp":
      y.set(a);
      cut(y, op.clamp);
      break;
    case "unary":
      for (let i = 0; i < y.length; i++) y[i] = op.apply(a[i]!);
      break;
    case "maxpool":
    case "avgpool":
      pool(op.kind, op.window, y, to, a, from);
      break;
    case "reshape":
      y.set(a);
      break;
    case "transpose":
      transpose(y, to, a, from, op.order);
      break;
    case "slice":
      slice(y, to, a, from, op.start, op.step);
      break;
    case "pad":
      pad(y, to, a, from, op.before);
      break;
    case "softmax":
      softmax(y, a, from, op.causal);
      break;
    case "layernorm":
      layernorm(op, y, a, k);
      break;
    case "rmsnorm":
      rmsnorm(op.epsilon, y, a, k);
      break;
    case "argmax":
      best(y, a, k, 1);
      break;
    case "topk":
      best(y, a, k, op.k);
      break;
    case "gather":
      for (let i = 0; i < a.length; i++) y.set(op.table.subarray(a[i]! * op.columns, (a[i]! + 1) * op.columns), i * op.columns);
      break;
  }
}
