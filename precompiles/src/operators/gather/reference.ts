import type { Values } from "../operator.ts";
import type { Gather } from "./layer.ts";

export function runGather({ output, table, rows, width }: Gather, y: Int8Array, x: Values): void {
  const first = x instanceof Int8Array ? 128 : 0;
  for (let i = 0; i < x.length; i++) {
    const row = x[i]! + first;
    if (row >= 0 && row < rows) y.set(table.subarray(row * width, (row + 1) * width), i * width);
    else y.fill(output.zeroPoint, i * width, (i + 1) * width);
  }
}
