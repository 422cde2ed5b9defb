/** TOPK: x [..., K] -> int32 [..., k], the indices of the k largest, largest first, the lowest index first among equals. Attribute: k. */
import type { Layer } from "../shared/layer.ts";
import { type Operands, rowsOf, sameShape } from "../shared/operands.ts";
import { topkWork } from "../shared/work.ts";

export interface Topk extends Layer {
  k: number;
}

export function readTopk(operands: Operands): Topk {
  operands.expect(1, 1);
  const [input, output] = [operands.activation(0), operands.output("int32")];
  const k = operands.attribute(0, 1, input.shape.at(-1)!);
  operands.require(sameShape(output.shape, [...input.shape.slice(0, -1), k]), `output is not [..., ${k}]`);
  return { input, output, k, ...topkWork(rowsOf(input.shape), input.shape.at(-1)!, k) };
}
