/**
 * Post-training quantisation to .nmodel (inference.md section 3). Scales are floats here and nowhere later: the file holds
 * int8 weights (symmetric, per output channel), int32 biases, multipliers M and shifts.
 */
import { createModelBuilder, type ModelBuilder, type WeightSpec } from "../../precompiles/src/model/model-builder.ts";
import type { Sample } from "./data.ts";
import { BLOCKS, type Block, forward, type Network, parameterBlock, SHAPE } from "./network.ts";

/** Share of activations that the calibrated range covers; the rest is clamped. */
const COVERED = 0.9999;
const BINS = 4096;

interface Ranges {
  y1: number;
  y2: number;
  y3: number;
  low: number;
  high: number;
}

/** Upper ranges of the rectified activations and both ends of the logits, over training samples only. */
export function calibrate(net: Network, samples: readonly Sample[]): Ranges {
  const values = { y1: [] as number[], y2: [] as number[], y3: [] as number[] };
  let [low, high] = [0, 0];
  for (const { grey } of samples) {
    net.floats("x").set(Float32Array.from(grey, (g) => g / 255));
    const logits = forward(net);
    low = Math.min(low, ...logits);
    high = Math.max(high, ...logits);
    for (const name of ["y1", "y2", "y3"] as const) values[name].push(...net.floats(name).filter((v) => v > 0));
  }
  return { y1: quantile(values.y1), y2: quantile(values.y2), y3: quantile(values.y3), low, high };
}

function quantile(values: readonly number[]): number {
  const top = values.reduce((a, b) => Math.max(a, b), 0);
  const counts = new Uint32Array(BINS);
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((value / top) * BINS))]!++;
  let seen = 0;
  for (let bin = 0; bin < BINS; bin++) {
    seen += counts[bin]!;
    if (seen >= COVERED * values.length) return ((bin + 1) / BINS) * top;
  }
  return top;
}

interface Quantised {
  weights: Int8Array;
  bias: Int32Array;
  multipliers: Uint16Array;
  shift: number;
}

/** Weights [k][columns] of floats to [n][k] of int8 and the numbers that bring an accumulator back to int8. */
function quantiseLayer(net: Network, w: Block, b: Block, n: number, scaleIn: number, scaleOut: number): Quantised {
  const [, k, columns] = BLOCKS.find(([name]) => name === w)!;
  const floats = parameterBlock(net, w);
  const bias = parameterBlock(net, b);
  const scales = Array.from({ length: n }, (_, o) => {
    let top = 1e-9;
    for (let i = 0; i < k; i++) top = Math.max(top, Math.abs(floats[i * columns + o]!));
    return top / 127;
  });
  const weights = new Int8Array(n * k);
  for (let o = 0; o < n; o++) for (let i = 0; i < k; i++) weights[o * k + i] = Math.round(floats[i * columns + o]! / scales[o]!);
  const ratios = scales.map((scale) => (scaleIn * scale) / scaleOut);
  const shift = shiftFor(Math.max(...ratios));
  return {
    weights,
    bias: Int32Array.from(scales, (scale, o) => Math.round(bias[o]! / (scaleIn * scale))),
    multipliers: Uint16Array.from(ratios, (ratio) => Math.round(ratio * 2 ** (16 + shift))),
    shift,
  };
}

/** The largest r for which the largest M stays below 2^15. */
function shiftFor(ratio: number): number {
  for (let r = 31; r >= 1; r--) if (Math.round(ratio * 2 ** (16 + r)) < 2 ** 15) return r;
  throw new Error(`a scale of ${ratio} is over 1/4: the output's range is too narrow`);
}

const ZERO = -128;
const POOL = [2, 2, 2, 2, 0, 0, 0, 0];

function operands({ weights, bias, multipliers }: Quantised, shape: readonly number[]): WeightSpec[] {
  const n = [shape[0]!];
  return [
    { shape, data: weights },
    { shape: n, data: bias },
    { shape: n, data: multipliers },
  ];
}

function convolution(builder: ModelBuilder, from: number, q: Quantised, shape: readonly number[], side: number): number {
  const output = { shape: [side, side, shape[0]!], zeroPoint: ZERO };
  const conv = builder.add("CONV2D", [from, ...operands(q, shape)], output, [1, 1, 0, 0, 0, 0, q.shift, ZERO, 127]);
  return builder.add("MAXPOOL", [conv], { shape: [side / 2, side / 2, shape[0]!], zeroPoint: ZERO }, POOL);
}

/** The file. Rectifiers are the lower clamp at the zero point -128. */
export function quantise(net: Network, samples: readonly Sample[]): Uint8Array {
  const ranges = calibrate(net, samples);
  const [s1, s2, s3] = [ranges.y1 / 255, ranges.y2 / 255, ranges.y3 / 255];
  const s4 = (ranges.high - ranges.low) / 255;
  const zero4 = Math.round(-128 - ranges.low / s4);
  const { c1, c2, d1, classes } = SHAPE;
  const flat = 16 * c2;
  const builder = createModelBuilder([28, 28, 1], ZERO);
  let x = convolution(builder, builder.input, quantiseLayer(net, "w1", "b1", c1, 1 / 255, s1), [c1, 5, 5, 1], 24);
  x = convolution(builder, x, quantiseLayer(net, "w2", "b2", c2, s1, s2), [c2, 5, 5, c1], 8);
  x = builder.add("RESHAPE", [x], { shape: [flat], zeroPoint: ZERO });
  const dense = quantiseLayer(net, "w3", "b3", d1, s2, s3);
  x = builder.add("DENSE", [x, ...operands(dense, [d1, flat])], { shape: [d1], zeroPoint: ZERO }, [dense.shift, ZERO, 127]);
  const last = quantiseLayer(net, "w4", "b4", classes, s3, s4);
  x = builder.add("DENSE", [x, ...operands(last, [classes, d1])], { shape: [classes], zeroPoint: zero4 }, [last.shift, -128, 127]);
  return builder.build(x);
}
