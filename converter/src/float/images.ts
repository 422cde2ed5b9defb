/** Windows over images in floats; padding is zero, and takes no part in a pool. */
import type { Op, Shape, Window } from "../ir/graph.ts";
import { product } from "./products.ts";

type Conv = Extract<Op, { kind: "conv" | "depthwise" }>;

/** Calls with the first element of every tap that lies inside the image: its place in the image and in the kernel. */
function eachTap(
  { kernelY, kernelX, strideY, strideX, padTop, padLeft }: Window,
  [height, width]: Shape,
  oy: number,
  ox: number,
  visit: (pixel: number, tap: number) => void,
): void {
  for (let ky = 0; ky < kernelY; ky++) {
    const iy = oy * strideY + ky - padTop;
    if (iy < 0 || iy >= height!) continue;
    for (let kx = 0; kx < kernelX; kx++) {
      const ix = ox * strideX + kx - padLeft;
      if (ix >= 0 && ix < width!) visit(iy * width! + ix, ky * kernelX + kx);
    }
  }
}

/** Elements of patches that are laid out at once. */
const CHUNK = 2 ** 20;

/** Some lines of the output at a time: their patches as rows of a matrix. */
export function conv({ window, weights, bias }: Conv, y: Float32Array, to: Shape, x: Float32Array, from: Shape): void {
  const [channels, n] = [from[2]!, to[2]!];
  const k = window.kernelY * window.kernelX * channels;
  const [rows, width] = [to[0]!, to[1]!];
  if (
    k === channels &&
    window.strideY === 1 &&
    window.strideX === 1 &&
    window.padTop + window.padLeft + window.padBottom + window.padRight === 0
  ) {
    product(y, x, weights, bias, rows * width, n, k);
    return;
  }
  const lines = Math.max(1, Math.min(rows, Math.floor(CHUNK / (width * k))));
  const patches = new Float32Array(lines * width * k);
  for (let first = 0; first < rows; first += lines) {
    patches.fill(0);
    const here = Math.min(lines, rows - first);
    for (let row = 0; row < here * width; row++)
      eachTap(window, from, first + Math.floor(row / width), row % width, (pixel, tap) => {
        const [at, source] = [row * k + tap * channels, pixel * channels];
        for (let c = 0; c < channels; c++) patches[at + c] = x[source + c]!;
      });
    product(y.subarray(first * width * n, (first + here) * width * n), patches, weights, bias, here * width, n, k);
  }
}

export function depthwise(
  { window, weights, bias }: Conv,
  y: Float32Array,
  [rows, width, channels]: Shape,
  x: Float32Array,
  from: Shape,
): void {
  for (let oy = 0; oy < rows!; oy++)
    for (let ox = 0; ox < width!; ox++) {
      const at = (oy * width! + ox) * channels!;
      for (let c = 0; c < channels!; c++) y[at + c] = bias[c]!;
      eachTap(window, from, oy, ox, (pixel, tap) => {
        const [source, w] = [pixel * channels!, tap * channels!];
        for (let c = 0; c < channels!; c++) y[at + c]! += x[source + c]! * weights[w + c]!;
      });
    }
}

export function pool(
  kind: "maxpool" | "avgpool",
  window: Window,
  y: Float32Array,
  [rows, width, channels]: Shape,
  x: Float32Array,
  from: Shape,
): void {
  for (let oy = 0; oy < rows!; oy++)
    for (let ox = 0; ox < width!; ox++) {
      const at = (oy * width! + ox) * channels!;
      y.fill(kind === "maxpool" ? Number.NEGATIVE_INFINITY : 0, at, at + channels!);
      let taps = 0;
      eachTap(window, from, oy, ox, (pixel) => {
        taps++;
        for (let c = 0; c < channels!; c++) {
          const value = x[pixel * channels! + c]!;
          y[at + c] = kind === "maxpool" ? Math.max(y[at + c]!, value) : y[at + c]! + value;
        }
      });
      if (kind === "avgpool") for (let c = 0; c < channels!; c++) y[at + c]! /= taps;
    }
}
