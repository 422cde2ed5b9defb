/**
 * Weights of one sum are rounded together: what counts is not each one's error but that of the sum, and neighbours in an image, or
 * channels that rise together, add theirs up. With H, the covariance of what the weights meet, an error e of weights costs e' H e;
 * from the nearest whole numbers on, single steps are taken as long as they lessen it (a coordinate descent on the objective of
 * Nagel et al. 2020, "Up or Down?", and of Frantar et al. 2022). Means are the bias's.
 */
import { product } from "../float/products.ts";
import type { Node, Op, Shape } from "../ir/graph.ts";

type Weighted = Extract<Op, { weights: Float32Array }>;

/** Rows of inputs that are looked at, of all inputs together. */
const SAMPLES = 2048;
/** Beyond it H takes more memory, and more samples, than rounding is worth. */
const MAX_INNER = 2048;
const PASSES = 4;
/** Of the mean variance, so that what samples hardly show keeps its nearest numbers. */
const RIDGE = 0.01;

/** The nearest whole numbers `whole` of `weights` / `steps` changed for what the operator meets. */
export function roundedTogether(
  { op, inputs, output }: { op: Weighted } & Node,
  whole: Int8Array,
  steps: readonly number[],
  met: readonly Float32Array[],
): Int8Array {
  const n = op.bias.length;
  const inner = op.weights.length / n;
  if (inner > MAX_INNER || inner < 2) return whole;
  const samples = samplesOf(op, inputs[0]!.shape, output.shape, met);
  const out = whole.slice();
  const groups = op.kind === "depthwise" ? n : 1;
  for (let group = 0; group < groups; group++) {
    const h = covariance(samples, inner, groups, group);
    const rows = groups === 1 ? n : 1;
    for (let row = 0; row < rows; row++) {
      const channel = groups === 1 ? row : group;
      const place = groups === 1 ? (k: number) => row * inner + k : (k: number) => k * n + group;
      descend(h, inner, (k) => op.weights[place(k)]! / steps[channel]!, out, place);
    }
  }
  return out;
}

function descend(h: Float32Array, inner: number, exact: (k: number) => number, out: Int8Array, place: (k: number) => number): void {
  const e = Float64Array.from({ length: inner }, (_, k) => exact(k) - out[place(k)]!);
  const slope = new Float64Array(inner);
  for (let k = 0; k < inner; k++) if (e[k] !== 0) for (let j = 0; j < inner; j++) slope[j]! += h[k * inner + j]! * e[k]!;
  for (let pass = 0, changed = true; pass < PASSES && changed; pass++) {
    changed = false;
    for (let k = 0; k < inner; k++) {
      const step = Math.sign(slope[k]!);
      const to = out[place(k)]! + step;
      if (2 * Math.abs(slope[k]!) <= h[k * inner + k]! || Math.abs(e[k]! - step) > 1 || to > 127 || to < -127) continue;
      out[place(k)] = to;
      e[k]! -= step;
      for (let j = 0; j < inner; j++) slope[j]! -= step * h[k * inner + j]!;
      changed = true;
    }
  }
}

/** Of one group's columns of the samples. */
function covariance(samples: Float32Array, inner: number, groups: number, group: number): Float32Array {
  const width = inner * groups;
  const rows = samples.length / width;
  const columns = new Float32Array(inner * rows);
  for (let k = 0; k < inner; k++) {
    let mean = 0;
    for (let i = 0; i < rows; i++) mean += samples[i * width + k * groups + group]! / rows;
    for (let i = 0; i < rows; i++) columns[k * rows + i] = samples[i * width + k * groups + group]! - mean;
  }
  const h = new Float32Array(inner * inner);
  product(h, columns, columns, new Float32Array(inner), inner, inner, rows);
  let trace = 0;
  for (let k = 0; k < inner; k++) trace += h[k * inner + k]!;
  for (let k = 0; k < inner; k++) h[k * inner + k]! += (RIDGE * trace) / inner;
  return h;
}

/** Rows that the weights are multiplied with: of an image its windows, evenly over images and places. */
function samplesOf(op: Weighted, from: Shape, to: Shape, met: readonly Float32Array[]): Float32Array {
  const [window, width] = op.kind === "dense" ? [undefined, from.at(-1)!] : [op.window, op.window.kernelY * op.window.kernelX * from[2]!];
  const places = met.length * (to.reduce((a, b) => a * b, 1) / op.bias.length);
  const step = Math.max(1, Math.floor(places / SAMPLES));
  const rows = Math.ceil(places / step);
  const out = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const [image, at] = [met[Math.floor((row * step) / (places / met.length))]!, (row * step) % (places / met.length)];
    if (window === undefined) {
      out.set(image.subarray(at * width, (at + 1) * width), row * width);
      continue;
    }
    const [height, across, channels] = from as [number, number, number];
    const [top, left] = [Math.floor(at / to[1]!) * window.strideY - window.padTop, (at % to[1]!) * window.strideX - window.padLeft];
    for (let ky = 0; ky < window.kernelY; ky++)
      for (let kx = 0; kx < window.kernelX; kx++) {
        const [y, x] = [top + ky, left + kx];
        if (y < 0 || y >= height || x < 0 || x >= across) continue;
        const pixel = (y * across + x) * channels;
        out.set(image.subarray(pixel, pixel + channels), row * width + (ky * window.kernelX + kx) * channels);
      }
  }
  return out;
}
