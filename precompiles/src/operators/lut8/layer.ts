/** LUT8: any unary function as a table. Input, table int8 [256] -> the same shape: y = table[x + 128]. No attributes. */
import { elements } from "../../format/types.ts";
import type { Layer } from "../shared/layer.ts";
import { type Operands, sameShape } from "../shared/operands.ts";
import { elementwiseWork } from "../shared/work.ts";

export interface Lut8 extends Layer {
  table: Int8Array;
}

export function readLut8(operands: Operands): Lut8 {
  operands.expect(2, 0);
  const [input, output] = [operands.activation(0), operands.output()];
  operands.require(sameShape(input.shape, output.shape), "shapes differ");
  return { input, output, table: operands.weight(1, "int8", [256]), ...elementwiseWork(elements(output.shape)) };
}
