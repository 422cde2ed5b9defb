import { clamp, roundingShift } from "../shared/requantise.ts";
import type { Add } from "./layer.ts";

/** b repeats where it is a row. */
export function runAdd(layer: Add, y: Int8Array, a: Int8Array, b: Int8Array): void {
  const { input, others, output, multiplierA, multiplierB, requantisation: r } = layer;
  for (let i = 0; i < y.length; i++) {
    const acc = Math.imul(a[i]! - input.zeroPoint, multiplierA) + Math.imul(b[i % b.length]! - others[0].zeroPoint, multiplierB);
    y[i] = clamp(output.zeroPoint + roundingShift(acc, r.shift), r.lo, r.hi);
  }
}
