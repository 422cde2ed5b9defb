/**
 * GATHER: x int8 or int32 [...], rank 3 at most; table int8 [V, D] -> [..., D]. No attributes.
 * Row x + 128 of int8, row x of int32; where the table has no such row, the output's zero point D times.
 */
import { elements } from "../../format/types.ts";
import type { Layer } from "../shared/layer.ts";
import { type Operands, sameShape } from "../shared/operands.ts";
import { gatherWork } from "../shared/work.ts";

export interface Gather extends Layer {
  table: Int8Array;
  rows: number;
  width: number;
}

export function readGather(operands: Operands): Gather {
  operands.expect(2, 0);
  const [input, output] = [operands.activation(0, operands.dtypeOf(0)), operands.output()];
  const [rows, width] = operands.weightShape(1, 2) as [number, number];
  operands.require(sameShape(output.shape, [...input.shape, width]), `output is not [..., ${width}]`);
  const table = operands.weight(1, "int8", [rows, width]);
  return { input, output, table, rows, width, ...gatherWork(elements(input.shape), width) };
}
