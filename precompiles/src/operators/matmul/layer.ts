/**
 * MATMUL, of two activations: a [..., m, K], b [..., K, n], or [..., n, K] where transposed -> [..., m, n].
 * Attributes: transposed 0 or 1; M in [0, 2^15); shift, lo, hi.
 * acc = sum of (a - za) * (b - zb), which fits int32 since K <= 32,767; then requantised.
 */
import { MAX_INNER_OF_ACTIVATIONS } from "../../format/limits.ts";
import { elements } from "../../format/types.ts";
import type { Activation, Layer, Requantisation } from "../shared/layer.ts";
import { type Operands, requantisation, sameShape } from "../shared/operands.ts";
import { matmulWork } from "../shared/work.ts";

export interface Matmul extends Layer {
  others: readonly [Activation];
  /** Products of matrices, each m x k times k x n. */
  batch: number;
  m: number;
  k: number;
  n: number;
  transposed: boolean;
  multiplier: number;
  requantisation: Requantisation;
}

export function readMatmul(operands: Operands): Matmul {
  operands.expect(2, 5);
  const [input, b, output] = [operands.activation(0), operands.activation(1), operands.output()];
  const transposed = operands.attribute(0, 0, 1) === 1;
  operands.require(input.shape.length >= 2 && input.shape.length === b.shape.length, "ranks differ, or are below 2");
  const outer = input.shape.slice(0, -2);
  const [m, k] = input.shape.slice(-2) as [number, number];
  const [n, inner] = (transposed ? b.shape.slice(-2) : b.shape.slice(-2).reverse()) as [number, number];
  operands.require(sameShape(outer, b.shape.slice(0, -2)) && inner === k, `${m} x ${k} times ${inner} x ${n}`);
  operands.require(sameShape(output.shape, [...outer, m, n]), "output has another shape than the product");
  operands.require(k <= MAX_INNER_OF_ACTIVATIONS, `inner dimension ${k}, limit ${MAX_INNER_OF_ACTIVATIONS}`);
  const multiplier = operands.attribute(1, 0, 2 ** 15 - 1);
  const size = { batch: elements(outer), m, k, n };
  return { input, others: [b], output, ...size, transposed, multiplier, requantisation: requantisation(operands, 2), ...matmulWork(size) };
}
