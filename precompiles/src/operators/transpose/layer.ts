/** TRANSPOSE: x -> y of the same zero point. Attributes: p, a permutation; dimension i of y is dimension p[i] of x. */
import { elements } from "../../format/types.ts";
import type { Layer } from "../shared/layer.ts";
import { type Operands, sameShape } from "../shared/operands.ts";
import { turnWork } from "../shared/work.ts";

export interface Transpose extends Layer {
  permutation: readonly number[];
}

export function readTranspose(operands: Operands): Transpose {
  operands.expect(1);
  const [input, output] = [operands.activation(0), operands.output()];
  const rank = input.shape.length;
  operands.expect(1, rank);
  const permutation = input.shape.map((_, i) => operands.attribute(i, 0, rank - 1));
  operands.require(new Set(permutation).size === rank, `${permutation} is no permutation`);
  const permuted = permutation.map((p) => input.shape[p]!);
  operands.require(
    sameShape(output.shape, permuted) && input.zeroPoint === output.zeroPoint,
    "shape is not permuted, or zero point changes",
  );
  return { input, output, permutation, ...turnWork(elements(output.shape)) };
}
