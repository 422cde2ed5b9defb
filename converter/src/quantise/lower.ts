/** The graph with its scales to the file. */
import { createModelBuilder, type ModelBuilder, type OutputSpec, type WeightSpec } from "@noema/precompiles/model/model-builder";
import type { OperatorName } from "@noema/precompiles/operators/table";
import { fail } from "../errors.ts";
import type { Clamp, Graph, Node, Quantisation, Value, Window } from "../ir/graph.ts";
import type { Fitted } from "./fit.ts";
import { layernormNumbers, rmsnormNumbers } from "./norms.ts";
import { shiftFor } from "./weights.ts";

const MAX_RANK = 4;

interface Lowering {
  builder: ModelBuilder;
  scales: ReadonlyMap<Value, Quantisation>;
  fitted: ReadonlyMap<Node, Fitted>;
  places: Map<Value, number>;
}

/** The bytes of the file. Throws CONVERT_UNSUPPORTED. */
export function lower(graph: Graph, scales: ReadonlyMap<Value, Quantisation>, fitted: ReadonlyMap<Node, Fitted>): Uint8Array {
  const builder = createModelBuilder(graph.input.shape, scales.get(graph.input)!.zeroPoint);
  const output = lowerAfter(builder, builder.input, graph, scales, fitted);
  if (output === builder.input) return fail("CONVERT_UNSUPPORTED", "the model computes nothing: its output is its input");
  return builder.build(output);
}

/** The graph as a part of a larger model, after an activation that has its input's shape and scale; the place of its output. */
export function lowerAfter(
  builder: ModelBuilder,
  input: number,
  graph: Graph,
  scales: ReadonlyMap<Value, Quantisation>,
  fitted: ReadonlyMap<Node, Fitted>,
): number {
  for (const value of [graph.input, ...graph.nodes.map(({ output }) => output)])
    if (value.shape.length > MAX_RANK)
      fail(
        "CONVERT_UNSUPPORTED",
        `${value.name}: a tensor of ${value.shape.length} dimensions, the file has ${MAX_RANK}: reshape in fewer`,
      );
  const lowering: Lowering = { builder, scales, fitted, places: new Map([[graph.input, input]]) };
  for (const node of graph.nodes) lowering.places.set(node.output, lowerNode(lowering, node));
  return lowering.places.get(graph.output)!;
}

const slide = ({ strideY, strideX, padTop, padLeft, padBottom, padRight }: Window) => [
  strideY,
  strideX,
  padTop,
  padLeft,
  padBottom,
  padRight,
];
const whole = (x: number) => Math.max(-128, Math.min(127, Math.round(x)));
const toInt8 = (x: number, { scale, zeroPoint }: Quantisation) => whole(x / scale + zeroPoint);

function bounds({ lo, hi }: Clamp, q: Quantisation): number[] {
  return [lo === Number.NEGATIVE_INFINITY ? -128 : toInt8(lo, q), hi === Number.POSITIVE_INFINITY ? 127 : toInt8(hi, q)];
}

function lowerNode({ builder, scales, fitted, places }: Lowering, node: Node): number {
  const { op, inputs, output, name } = node;
  const [x, other] = inputs.map((value) => places.get(value)!) as [number, number];
  const [from, to] = [scales.get(inputs[0]!)!, scales.get(output)!];
  const spec: OutputSpec = { shape: output.shape, zeroPoint: to.zeroPoint };
  const add = (operator: OperatorName, attributes: readonly number[] = [], weights: readonly WeightSpec[] = [], of = spec) =>
    builder.add(operator, [x, ...weights], of, attributes);
  const pairwise = (operator: OperatorName, attributes: readonly number[]) => builder.add(operator, [x, other], spec, attributes);
  switch (op.kind) {
    case "conv":
    case "depthwise":
    case "dense": {
      const { shape, weights, bias, multipliers, shift } = fitted.get(node)!;
      const n = [bias.length];
      const operator = ({ conv: "CONV2D", depthwise: "DWCONV2D", dense: "DENSE" } as const)[op.kind];
      const parts = [
        { shape, data: weights },
        { shape: n, data: bias },
        { shape: n, data: multipliers },
      ];
      return add(operator, [...(op.kind === "dense" ? [] : slide(op.window)), shift, ...bounds(op.clamp, to)], parts);
    }
    case "add": {
      const ratios = [from, scales.get(inputs[1]!)!].map(({ scale }) => scale / to.scale);
      const shift = shiftFor(Math.max(...ratios), 0);
      return pairwise("ADD", [
        ...ratios.map((ratio) => Math.min(2 ** 15 - 1, Math.round(ratio * 2 ** shift))),
        shift,
        ...bounds(op.clamp, to),
      ]);
    }
    case "multiply":
    case "matmul": {
      const ratio = (from.scale * scales.get(inputs[1]!)!.scale * (op.kind === "matmul" ? op.factor : 1)) / to.scale;
      const shift = shiftFor(ratio, 16);
      const scale = [Math.min(2 ** 15 - 1, Math.round(ratio * 2 ** (16 + shift))), shift, ...bounds(op.clamp, to)];
      return op.kind === "matmul" ? pairwise("MATMUL", [op.transposed ? 1 : 0, ...scale]) : pairwise("MUL", scale);
    }
    case "unary": {
      const table = Int8Array.from({ length: 256 }, (_, i) => tableEntry(op.apply((i - 128 - from.zeroPoint) * from.scale), to));
      return add("LUT8", [], [{ shape: [256], data: table }]);
    }
    case "maxpool":
    case "avgpool":
      return add(op.kind === "maxpool" ? "MAXPOOL" : "AVGPOOL", [op.window.kernelY, op.window.kernelX, ...slide(op.window)]);
    case "reshape":
      return add("RESHAPE");
    case "transpose":
      return add("TRANSPOSE", op.order);
    case "slice":
      return add("SLICE", [...op.start, ...op.step]);
    case "pad":
      return add("PAD", [...op.before, ...op.after]);
    case "concat":
      return builder.add(
        "CONCAT",
        inputs.map((value) => places.get(value)!),
        spec,
        [op.axis],
      );
    case "softmax": {
      const table = Uint16Array.from({ length: 256 }, (_, d) => Math.round(65_535 * Math.exp(-d * from.scale)));
      return add("SOFTMAX", op.causal ? [1, 0] : [0, 0], [{ shape: [256], data: table }]);
    }
    case "layernorm": {
      const { factors, summands, shift } = layernormNumbers(op.scale, op.shift, to.scale);
      const k = factors.length;
      return add(
        "LAYERNORM",
        [shift, -128, 127],
        [
          { shape: [k], data: factors },
          { shape: [k], data: summands },
        ],
      );
    }
    case "rmsnorm": {
      const { multiplier, exponent, shift } = rmsnormNumbers(output.shape.at(-1)!, from.zeroPoint, to.scale);
      return add("RMSNORM", [multiplier | 0, exponent, shift, -128, 127]);
    }
    case "argmax":
      return add("ARGMAX", [], [], { shape: output.shape, dtype: "int32" });
    case "topk":
      return add("TOPK", [op.k], [], { shape: output.shape, dtype: "int32" });
    case "gather": {
      const rows = op.table.length / op.columns;
      if (rows > 256)
        fail(
          "CONVERT_UNSUPPORTED",
          `${name}: GATHER takes rows by a byte, 256 at most, and the table has ${rows}: use a smaller vocabulary, or hash into one`,
        );
      const data = Int8Array.from(op.table, (value) => toInt8(value, to));
      return add("GATHER", [], [{ shape: [rows, op.columns], data }]);
    }
    default:
      return fail("CONVERT_UNSUPPORTED", `${name}: ${op.kind} has no operator in the file`);
  }
}

/** A function may have no value at the zero of its own (a logarithm): the nearest end then. */
function tableEntry(y: number, to: Quantisation): number {
  if (Number.isNaN(y)) return to.zeroPoint;
  return Number.isFinite(y) ? toInt8(y, to) : y > 0 ? 127 : -128;
}
