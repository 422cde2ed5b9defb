/**
 * RMSNORM: x [..., K] -> the same shape. Attributes: U, a u32 in the bits of an int32; e, even, 0 to 30; shift r, lo, hi.
 * Each row alone: d = x - zx; S the sum of d^2; q = max(1, isqrt(S * 2^e)); y = clamp(zy + ((d * floor(U / q) + 2^(r-1)) >> r)).
 * Demanded, so that 32 bits suffice: K * D^2 * 2^e < 2^32 with D = 128 + |zx|, the largest |d|; and floor(U / 2^(e/2)) + 2^(r-1)
 * < 2^31, for q >= |d| * 2^(e/2). U = round(sqrt(K) / (scale of y) * 2^(r + e/2)).
 */
import type { Layer, Requantisation } from "../shared/layer.ts";
import { type Operands, requantisation, rowLength, rowsOf, sameShape } from "../shared/operands.ts";
import { normWork } from "../shared/work.ts";

export interface Rmsnorm extends Layer {
  /** U, unsigned. */
  multiplier: number;
  exponent: number;
  requantisation: Requantisation;
}

export function readRmsnorm(operands: Operands): Rmsnorm {
  operands.expect(1, 5);
  const [input, output] = [operands.activation(0), operands.output()];
  operands.require(sameShape(input.shape, output.shape), "shapes differ");
  const k = rowLength(operands, input);
  const multiplier = operands.attribute(0, -(2 ** 31), 2 ** 31 - 1) >>> 0;
  const exponent = operands.attribute(1, 0, 30);
  const scale = requantisation(operands, 2);
  const largest = 128 + Math.abs(input.zeroPoint);
  operands.require(exponent % 2 === 0, `exponent ${exponent} is odd`);
  operands.require(k * largest * largest * 2 ** exponent < 2 ** 32, `squares of ${k} elements times 2^${exponent} exceed a u32`);
  const bound = Math.floor(multiplier / 2 ** (exponent / 2)) + 2 ** (scale.shift - 1);
  operands.require(bound < 2 ** 31, `multiplier ${multiplier} gives products that exceed an int32`);
  return { input, output, multiplier, exponent, requantisation: scale, ...normWork(rowsOf(input.shape), k) };
}
