import { floorDivide } from "../shared/floor-divide.ts";
import { isqrt } from "../shared/isqrt.ts";
import { clamp, roundingShift, timesShifted } from "../shared/requantise.ts";
import type { Layernorm } from "./layer.ts";

/** Sums are below 2^53, where doubles are exact: the page says how 32 bits suffice. */
export function runLayernorm({ input, output, gain, bias, requantisation: r }: Layernorm, y: Int8Array, x: Int8Array): void {
  const k = input.shape.at(-1)!;
  for (let from = 0; from < x.length; from += k) {
    const row = x.subarray(from, from + k);
    const sum = row.reduce((s, element) => s + element, 0);
    const mean = floorDivide(128 * sum + (k >> 1), k);
    const centred = Array.from(row, (element) => 128 * element - mean);
    const variance = floorDivide(
      centred.reduce((s, c) => s + c * c, 0),
      k,
    );
    const reciprocal = floorDivide(2 ** 24, isqrt(16 * variance + 15));
    for (const [j, c] of centred.entries()) {
      const acc = (timesShifted(c * reciprocal, gain[j]!) + bias[j]!) | 0;
      y[from + j] = clamp(output.zeroPoint + roundingShift(acc, r.shift), r.lo, r.hi);
    }
  }
}
