import { floorDivide } from "../shared/floor-divide.ts";
import { isqrt } from "../shared/isqrt.ts";
import { clamp, roundingShift } from "../shared/requantise.ts";
import type { Rmsnorm } from "./layer.ts";

export function runRmsnorm({ input, output, multiplier, exponent, requantisation: r }: Rmsnorm, y: Int8Array, x: Int8Array): void {
  const k = input.shape.at(-1)!;
  for (let from = 0; from < x.length; from += k) {
    const differences = Array.from(x.subarray(from, from + k), (element) => element - input.zeroPoint);
    const squares = differences.reduce((sum, d) => sum + d * d, 0);
    const reciprocal = floorDivide(multiplier, Math.max(1, isqrt(squares * 2 ** exponent)));
    for (const [j, d] of differences.entries()) y[from + j] = clamp(output.zeroPoint + roundingShift(d * reciprocal, r.shift), r.lo, r.hi);
  }
}
