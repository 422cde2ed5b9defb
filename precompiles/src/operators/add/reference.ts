import { clamp, roundingShift } from "../shared/requantise.ts";
import type { Add } from "./layer.ts";

export function runAdd(layer: Add, y: Int8Array, a: Int8Array, b: Int8Array): void {
  const { input, other, output, multiplierA, multiplierB, requantisation: r } = layer;
  for (let i = 0; i < y.length; i++) {
    const acc = Math.imul(a[i]! - input.zeroPoint, multiplierA) + Math.imul(b[i]! - other.zeroPoint, multiplierB);
    y[i] = clamp(output.zeroPoint + roundingShift(acc, r.shift), r.lo, r.hi);
  }
}
