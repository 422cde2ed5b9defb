/**
 * LAYERNORM: x [..., K], G int32 [K], B int32 [K] -> the same shape. Attributes: shift r, lo, hi. Each row alone, in 32 bits:
 * mean = floor((128 s + floor(K / 2)) / K), s the sum of x; c = 128 x - mean, below 2^15 in size; v = floor(sum of c^2 / K);
 * q = isqrt(16 v + 15), that is 4 standard deviations of c; t = c * floor(2^24 / q), 2^22 times the normalised element and below
 * 2^30 in size; y = clamp(zy + ((floor(t G / 2^16) + B + 2^(r-1)) >> r)), the sums wrapping. |G| < 2^15.
 */
import type { Layer, Requantisation } from "../shared/layer.ts";
import { type Operands, requantisation, rowLength, rowsOf, sameShape } from "../shared/operands.ts";
import { normWork } from "../shared/work.ts";

export interface Layernorm extends Layer {
  gain: Int32Array;
  bias: Int32Array;
  requantisation: Requantisation;
}

export function readLayernorm(operands: Operands): Layernorm {
  operands.expect(3, 3);
  const [input, output] = [operands.activation(0), operands.output()];
  operands.require(sameShape(input.shape, output.shape), "shapes differ");
  const k = rowLength(operands, input);
  const [gain, bias] = [operands.weight(1, "int32", [k]), operands.weight(2, "int32", [k])];
  operands.require(
    gain.every((g) => Math.abs(g) < 2 ** 15),
    "a gain is not below 2^15",
  );
  return { input, output, gain, bias, requantisation: requantisation(operands, 0), ...normWork(rowsOf(input.shape), k) };
}
