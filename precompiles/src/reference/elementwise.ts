import type { Add } from "../model/layers/add.ts";
import type { Argmax } from "../model/layers/argmax.ts";
import type { Lut8 } from "../model/layers/lut8.ts";
import { clamp, roundingShift } from "./requantise.ts";

export function runAdd(layer: Add, a: Int8Array, b: Int8Array, y: Int8Array): void {
  const { input, other, output, multiplierA, multiplierB, requantisation: r } = layer;
  for (let i = 0; i < y.length; i++) {
    const acc = Math.imul(a[i]! - input.zeroPoint, multiplierA) + Math.imul(b[i]! - other.zeroPoint, multiplierB);
    y[i] = clamp(output.zeroPoint + roundingShift(acc, r.shift), r.lo, r.hi);
  }
}

export function runLut8(layer: Lut8, x: Int8Array, y: Int8Array): void {
  for (let i = 0; i < y.length; i++) y[i] = layer.table[x[i]! + 128]!;
}

export function runArgmax(layer: Argmax, x: Int8Array, y: Int32Array): void {
  const k = layer.input.shape.at(-1)!;
  for (let row = 0; row < y.length; row++) {
    let best = 0;
    for (let i = 1; i < k; i++) if (x[row * k + i]! > x[row * k + best]!) best = i;
    y[row] = best;
  }
}
