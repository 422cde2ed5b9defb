import { expect, it } from "vitest";
import { runNode } from "../float/run.ts";
import { NO_CLAMP, type Node, type Op } from "../ir/graph.ts";
import { reals } from "../onnx/testing/onnx-model.ts";
import { roundedTogether } from "./rounding.ts";

const SIDE = 12;
const window = { kernelY: 3, kernelX: 3, strideY: 1, strideX: 1, padTop: 1, padLeft: 1, padBottom: 1, padRight: 1 };

/** Neighbours alike, as in pictures: steps that are summed along rows and channels. */
function smooth(channels: number, seed: number): Float32Array {
  const x = reals(SIDE * SIDE * channels, seed);
  for (let i = 1; i < x.length; i++) x[i] = 0.9 * x[i - 1]! + 0.1 * x[i]!;
  return x;
}

/** Mean square that rounded weights put beside the exact ones, its mean left out as the bias does. */
function error(node: Node & { op: Extract<Op, { weights: Float32Array }> }, whole: Int8Array, step: number, x: Float32Array): number {
  const rounded: Node = { ...node, op: { ...node.op, weights: Float32Array.from(whole, (w) => w * step) } };
  const [want, got] = [runNode(node, [x]), runNode(rounded, [x])];
  const n = node.op.bias.length;
  let sum = 0;
  for (let c = 0; c < n; c++) {
    const errors = Array.from({ length: want.length / n }, (_, i) => got[i * n + c]! - want[i * n + c]!);
    const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
    sum += errors.reduce((a, b) => a + (b - mean) ** 2, 0);
  }
  return sum;
}

it.each([
  { kind: "depthwise", channels: 4, n: 4, size: 9 * 4 },
  { kind: "conv", channels: 4, n: 3, size: 9 * 4 * 3 },
  { kind: "dense", channels: 16, n: 5, size: 16 * 5 },
] as const)(
  "$kind: weights that are rounded together err less, on inputs that they were not rounded for",
  ({ kind, channels, n, size }) => {
    const weights = reals(size, 3);
    const shape = kind === "dense" ? [SIDE * SIDE, channels] : [SIDE, SIDE, channels];
    const op = { kind, window, weights, bias: new Float32Array(n), clamp: NO_CLAMP } as Extract<Op, { weights: Float32Array }>;
    const output = { shape: [...shape.slice(0, -1), n], name: "y" };
    const node = { op, inputs: [{ shape, name: "x" }], output, name: "y" };
    const step = 1 / 7; // coarse, so that rounding counts
    const nearest = Int8Array.from(weights, (w) => Math.round(w / step));
    const met = [1, 2, 3, 4].map((seed) => smooth(channels, seed));
    const together = roundedTogether(node, nearest, Array(n).fill(step), met);
    expect(error(node, together, step, smooth(channels, 99))).toBeLessThan(0.85 * error(node, nearest, step, smooth(channels, 99)));
    expect(Math.max(...together.map((q, i) => Math.abs(q - weights[i]! / step)))).toBeLessThanOrEqual(1);
  },
);
