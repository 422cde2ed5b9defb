import { requantise } from "../shared/requantise.ts";
import type { Mul } from "./layer.ts";

/** b repeats where it is a row. */
export function runMul({ input, others, output, multiplier, requantisation }: Mul, y: Int8Array, a: Int8Array, b: Int8Array): void {
  for (let i = 0; i < y.length; i++) {
    const acc = (a[i]! - input.zeroPoint) * (b[i % b.length]! - others[0].zeroPoint);
    y[i] = requantise(acc, multiplier, requantisation, output.zeroPoint);
  }
}
