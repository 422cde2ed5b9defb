/**
 * A model between its source and its file: the operators of inference.md section 2 in floats. No batch dimension, images are
 * [height, width, channels], every shape is known. Values are told apart by identity; nodes stand in the order of computing.
 */
export type Shape = readonly number[];

/** Of an int8 value: real = scale * (q - zeroPoint). */
export interface Quantisation {
  scale: number;
  zeroPoint: number;
}

export interface Value {
  shape: Shape;
  /** In the source, for messages. */
  name: string;
  /** What a quantised source says of it; it is held to it (float/run.ts), and lowered with it. */
  quantisation?: Quantisation;
}

export interface Window {
  kernelY: number;
  kernelX: number;
  strideY: number;
  strideX: number;
  padTop: number;
  padLeft: number;
  padBottom: number;
  padRight: number;
}

/** Of a result, in reals; infinite where nothing is cut. */
export interface Clamp {
  lo: number;
  hi: number;
}

export const NO_CLAMP: Clamp = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY };

interface Weighted {
  /** Row-major: conv [N, KH, KW, C], depthwise [KH, KW, C], dense [N, K]. */
  weights: Float32Array;
  /** One for each channel of the output. */
  bias: Float32Array;
  clamp: Clamp;
  /** For each channel of the output, of a quantised source: weights are whole multiples of it. */
  weightScales?: Float32Array;
}

/** Parameters of an operator; a weighted one's channels are the last dimension of its output. */
export type Op =
  | ({ kind: "conv"; window: Window } & Weighted)
  | ({ kind: "depthwise"; window: Window } & Weighted)
  | ({ kind: "dense" } & Weighted)
  /** scale and shift for each element of the last dimension; folded or lowered as a depthwise convolution of one tap. */
  | { kind: "affine"; scale: Float32Array; shift: Float32Array }
  /** Two inputs; the second has the first's shape or is a row: as many dimensions, all 1 but the last. */
  | { kind: "add" | "multiply"; clamp: Clamp }
  /** a [..., m, K], b [..., K, n] or transposed [..., n, K], times `factor`. */
  | { kind: "matmul"; transposed: boolean; factor: number; clamp: Clamp }
  | { kind: "clamp"; clamp: Clamp }
  | { kind: "unary"; function: string; apply: (x: number) => number }
  /** Padding takes no part. */
  | { kind: "maxpool" | "avgpool"; window: Window }
  | { kind: "reshape" }
  /** Dimension i of the output is dimension order[i] of the input. */
  | { kind: "transpose"; order: readonly number[] }
  | { kind: "concat"; axis: number }
  | { kind: "slice"; start: readonly number[]; step: readonly number[] }
  /** With zeros of the reals. */
  | { kind: "pad"; before: readonly number[]; after: readonly number[] }
  /** Rows of a table [V, D] by whole numbers. */
  | { kind: "gather"; table: Float32Array; columns: number }
  | { kind: "softmax"; causal: boolean }
  | { kind: "layernorm"; scale: Float32Array; shift: Float32Array; epsilon: number }
  | { kind: "rmsnorm"; epsilon: number }
  | { kind: "argmax" }
  | { kind: "topk"; k: number };

export interface Node {
  op: Op;
  inputs: readonly Value[];
  output: Value;
  /** In the source, for messages. */
  name: string;
}

export interface Graph {
  input: Value;
  output: Value;
  nodes: readonly Node[];
}

export const count = (shape: Shape): number => shape.reduce((product, dimension) => product * dimension, 1);
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((dimension, i) => dimension === b[i]);
export const isRow = (row: Shape, of: Shape): boolean =>
  row.length === of.length && row.at(-1) === of.at(-1) && row.slice(0, -1).every((dimension) => dimension === 1);

/** Who reads a value; the graph's output is read by nobody here. */
export function readers(graph: Graph): Map<Value, Node[]> {
  const found = new Map<Value, Node[]>();
  for (const node of graph.nodes) for (const value of node.inputs) found.set(value, [...(found.get(value) ?? []), node]);
  return found;
}

export function makers(graph: Graph): Map<Value, Node> {
  return new Map(graph.nodes.map((node) => [node.output, node]));
}

/** Height and width of what a window makes of an image. */
export function slid(window: Window, height: number, width: number): [number, number] {
  const { kernelY, kernelX, strideY, strideX, padTop, padLeft, padBottom, padRight } = window;
  return [
    Math.floor((height + padTop + padBottom - kernelY) / strideY) + 1,
    Math.floor((width + padLeft + padRight - kernelX) / strideX) + 1,
  ];
}
