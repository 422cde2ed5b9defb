/**
 * SOFTMAX: x [..., K], EXP uint16 [256] -> the same shape, zero point 0. Attributes: causal 0 or 1; offset, 0 unless causal.
 * Of a row the first L elements count: all, or min(K, i + 1 + offset) where causal, i the row's index in the last dimension but
 * one. m their largest, e = EXP[m - x], S the sum of e: y = floor((127 e + floor(S / 2)) / S), and 0 beyond L.
 * EXP[0] >= 1 and K <= 32,768, so 1 <= S < 2^31.
 */
import type { Layer } from "../shared/layer.ts";
import { type Operands, rowLength, rowsOf, sameShape } from "../shared/operands.ts";
import { normWork } from "../shared/work.ts";

export interface Softmax extends Layer {
  table: Uint16Array;
  /** Row i has i + 1 + offset elements; undefined: all. */
  offset: number | undefined;
}

export function readSoftmax(operands: Operands): Softmax {
  operands.expect(2, 2);
  const [input, output] = [operands.activation(0), operands.output()];
  operands.require(sameShape(input.shape, output.shape) && output.zeroPoint === 0, "shapes differ, or the output has a zero point");
  const k = rowLength(operands, input);
  const table = operands.weight(1, "uint16", [256]);
  operands.require(table[0]! >= 1, "EXP[0] is 0");
  const causal = operands.attribute(0, 0, 1) === 1;
  operands.require(!causal || input.shape.length >= 2, "a vector is not causal");
  const offset = operands.attribute(1, 0, causal ? 2 ** 16 : 0);
  return { input, output, table, offset: causal ? offset : undefined, ...normWork(rowsOf(input.shape), k) };
}
