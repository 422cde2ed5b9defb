/** What the file has no operator for, in terms of those that it has. */
import { count, type Graph, makers, NO_CLAMP, type Node, type Op, type Value, type Window } from "../graph.ts";
import { replaced } from "./rewrite.ts";

const point: Window = { kernelY: 1, kernelX: 1, strideY: 1, strideX: 1, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 };

/** A factor and a summand for each channel: a depthwise convolution of one tap. */
function affineAsDepthwise(node: Node): Node[] | undefined {
  if (node.op.kind !== "affine") return undefined;
  const { scale, shift } = node.op;
  const { shape } = node.output;
  const channels = shape.at(-1)!;
  const op: Op = { kind: "depthwise", window: point, weights: scale, bias: shift, clamp: NO_CLAMP };
  if (shape.length === 3) return [{ ...node, op }];
  const image = [1, count(shape) / channels, channels];
  const [before, after]: Value[] = [
    { shape: image, name: node.name },
    { shape: image, name: node.name },
  ];
  return [
    { op: { kind: "reshape" }, inputs: node.inputs, output: before!, name: node.name },
    { op, inputs: [before!], output: after!, name: node.name },
    { op: { kind: "reshape" }, inputs: [after!], output: node.output, name: node.name },
  ];
}

/** A mean without padding: a depthwise convolution, whose result has a scale of its own, where AVGPOOL keeps the wider one of its input. */
function meanAsDepthwise(node: Node): Node[] | undefined {
  if (node.op.kind !== "avgpool") return undefined;
  const { window } = node.op;
  if (window.padTop + window.padLeft + window.padBottom + window.padRight > 0) return undefined;
  const [taps, channels] = [window.kernelY * window.kernelX, node.output.shape[2]!];
  const weights = new Float32Array(taps * channels).fill(1 / taps);
  return [{ ...node, op: { kind: "depthwise", window, weights, bias: new Float32Array(channels), clamp: NO_CLAMP } }];
}

export const toFileOperators = (graph: Graph): Graph => replaced(graph, (node) => affineAsDepthwise(node) ?? meanAsDepthwise(node));

/** Attention's factor 1 / sqrt(d) belongs to the product, whatever stands between. */
export function foldFactors(graph: Graph): Graph {
  const made = makers(graph);
  const uniform = (op: Op): number | undefined =>
    op.kind === "affine" && op.shift.every((x) => x === 0) && op.scale.every((x) => x === op.scale[0]) ? op.scale[0] : undefined;
  return replaced(graph, (node) => {
    if (node.op.kind !== "matmul") return undefined;
    let factor = node.op.factor;
    const inputs = node.inputs.map((value) => {
      const maker = made.get(value);
      const by = maker && value.quantisation === undefined ? uniform(maker.op) : undefined;
      if (maker === undefined || by === undefined) return value;
      factor *= by;
      return maker.inputs[0] as Value;
    });
    return factor === node.op.factor ? undefined : [{ ...node, inputs, op: { ...node.op, factor } }];
  });
}
